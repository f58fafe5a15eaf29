class_name SentioRailKey
extends RefCounted
## The name of one binding in its rails, which forget it when the binding is gone.
##
## Without it a game that makes a new light for each enemy would fill them.

## The name.
var what := &""

var _rails: SentioRails


## Names [param name] in [param rails].
func _init(rails: SentioRails, name: StringName) -> void:
	_rails = rails
	what = name


## Whether it is [param name] in [param rails].
func is_of(rails: SentioRails, name: StringName) -> bool:
	return _rails == rails and what == name


func _notification(happens: int) -> void:
	if happens == NOTIFICATION_PREDELETE and is_instance_valid(_rails):
		_rails.forget(what)
