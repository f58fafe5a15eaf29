class_name SentioSensorFile
extends RefCounted
## The configuration file with the sensors that a player chose, written for the sidecar.
##
## Holds sources only: consent is given on a screen of its own and kept by the sidecar. Files of
## other programs are not read, because TOML can hold more than this class writes.

## The usual place; [member SentioLauncher.config] uses the same.
const USUAL := "user://sentio/sensors.toml"
const _HEAD := "# The sensors that the player chose in the game. The game writes this file."
const _SOURCE := "[[source]]"


## Writes [param devices], as the request [code]devices[/code] lists them, to [param path]. Returns
## an error of [enum Error].
static func write(path: String, devices: Array[Dictionary], subject: String = "player") -> Error:
	DirAccess.make_dir_recursive_absolute(path.get_base_dir())
	var file := FileAccess.open(path, FileAccess.WRITE)
	if file == null:
		return FileAccess.get_open_error()
	file.store_line(_HEAD)
	file.store_line("subjects = [%s]" % _quoted(subject))
	for device in devices:
		file.store_line("")
		file.store_line("# " + str(device.get("name", "")).replace("\n", " "))
		file.store_line(_SOURCE)
		file.store_line("type = " + _quoted(str(device.get("type", ""))))
		var settings: Dictionary = device.get("settings", {})
		for key: String in settings:
			file.store_line("%s = %s" % [_key(key), _quoted(str(settings[key]))])
	return OK


## The devices in [param path], each with [code]type[/code], [code]name[/code] and
## [code]settings[/code]; empty if there is no such file, or another program wrote it.
static func read(path: String) -> Array[Dictionary]:
	var devices: Array[Dictionary] = []
	if not FileAccess.file_exists(path):
		return devices
	var lines := FileAccess.get_file_as_string(path).split("\n")
	if lines.is_empty() or lines[0] != _HEAD:
		return devices
	var title := ""
	for line in lines:
		if line.begins_with("# "):
			title = line.trim_prefix("# ")
		elif line == _SOURCE:
			devices.append({"type": "", "name": title, "settings": {}})
		elif " = " in line and not devices.is_empty():
			_take(devices[-1], line)
	return devices


## Whether [param one] and [param other] select the same device.
static func same(one: Dictionary, other: Dictionary) -> bool:
	return one.get("type") == other.get("type") and one.get("settings") == other.get("settings")


static func _take(device: Dictionary, line: String) -> void:
	var at := line.find(" = ")
	var key := line.left(at)
	if key.begins_with('"'):
		key = str(JSON.parse_string(key))
	var value := str(JSON.parse_string(line.substr(at + 3)))
	if key == "type":
		device["type"] = value
	else:
		var settings: Dictionary = device["settings"]
		settings[key] = value


# A JSON string is a basic string of TOML: the same escapes.
static func _quoted(text: String) -> String:
	return JSON.stringify(text)


static func _key(key: String) -> String:
	return key if key.is_valid_ascii_identifier() else _quoted(key)
