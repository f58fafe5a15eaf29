@tool
class_name SentioCaptureLights
extends HFlowContainer
## Indicators of captured sensors and of recording.
##
## For privacy, every game should show at least this.


func _init() -> void:
	add_theme_constant_override("h_separation", 6)
	add_theme_constant_override("v_separation", 6)


## Shows the sensors and the recording of [param detail] (PROTOCOL.md, section 5).
func show_detail(detail: Dictionary) -> void:
	for old in get_children():
		old.queue_free()
	var recording: Dictionary = detail.get("recording", {})
	if recording.get("active", false):
		var seconds: int = recording.get("seconds", 0.0)
		@warning_ignore("integer_division")
		_light("recording %d:%02d" % [seconds / 60, seconds % 60], SentioPalette.CORAL)
		var lacking := without_record(recording)
		if not lacking.is_empty():
			_light(lacking, SentioPalette.AMBER)
	var sensors: Dictionary = detail.get("sensors", {})
	for sensor: String in sensors:
		var about: Dictionary = sensors[sensor]
		var state := str(about.get("state", ""))
		if state == "on":
			var kept: Dictionary = recording.get("sensors", {})
			var tone := SentioPalette.CORAL if kept.has(sensor) else SentioPalette.TEAL
			_light(describe(sensor, detail), tone)
		elif state in ["withdrawn", "gap", "error", "opening", "ended"]:
			_light("%s %s" % [sensor, state], SentioPalette.of_state(state))
	if detail.get("frozen", false):
		_light("frozen", SentioPalette.BLUE)
	visible = get_child_count() > 0


## Returns one line about a captured sensor of [param detail]: for which purposes, for how long, and
## whether it is recorded.
static func describe(sensor: String, detail: Dictionary) -> String:
	var sensors: Dictionary = detail.get("sensors", {})
	var about: Dictionary = sensors.get(sensor, {})
	var line := sensor
	var purposes: Array = about.get("consent", [])
	if not purposes.is_empty():
		line += " for " + ", ".join(PackedStringArray(purposes))
	var since: Variant = about.get("since")
	if since is float or since is int:
		var from: float = since
		var sent: float = detail.get("sent", from)
		var seconds := maxi(0, int(sent - from))
		@warning_ignore("integer_division")
		line += ", %d:%02d" % [seconds / 60, seconds % 60]
	var recording: Dictionary = detail.get("recording", {})
	var kept: Dictionary = recording.get("sensors", {})
	if kept.has(sensor):
		line += ", recorded (%s)" % kept[sensor]
	return line


## Returns one line about the sensors for which [param recording], of a detail or a reply, has no
## estimates of the person: they are in use without the purpose record. Empty if there are none.
static func without_record(recording: Dictionary) -> String:
	var sensors := lacking_sensors(recording)
	if sensors.is_empty():
		return ""
	return "no estimates recorded: %s without the purpose record" % ", ".join(sensors)


## Returns the sensors in use that lack the purpose record while [param recording] is running.
static func lacking_sensors(recording: Dictionary) -> PackedStringArray:
	var found := PackedStringArray()
	if not recording.get("active", false):
		return found
	var subjects: Dictionary = recording.get("without_record", {})
	for subject: String in subjects:
		var sensors: Dictionary = subjects[subject]
		for sensor: String in sensors:
			if sensor not in found:
				found.append(sensor)
	return found


func _light(text: String, tone: Color) -> void:
	var made := SentioPalette.label("●  " + text, 11, tone)
	made.add_theme_stylebox_override("normal", SentioPalette.box(Color(tone, 0.14), 9, 5.0))
	add_child(made)
