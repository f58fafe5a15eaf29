class_name SentioStartTimes
extends RefCounted
## How long the sidecar's last start took on this computer, to show the progress of the next.

## The file that keeps it.
const FILE := "user://sentio/start.cfg"
## Seconds that a first start takes, about.
const FIRST := 15.0

var _last := 0.0


func _init() -> void:
	var file := ConfigFile.new()
	if file.load(FILE) == OK:
		_last = maxf(0.0, float(str(file.get_value("start", "seconds", 0.0))))


## Whether the sidecar has been started before.
func is_known() -> bool:
	return _last > 0.0


## Seconds that a start takes, about.
func expected() -> float:
	return _last if is_known() else FIRST


## Keeps that a start took [param seconds].
func store(seconds: float) -> void:
	_last = seconds
	DirAccess.make_dir_recursive_absolute(FILE.get_base_dir())
	var file := ConfigFile.new()
	file.set_value("start", "seconds", seconds)
	file.save(FILE)
