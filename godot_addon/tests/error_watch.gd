extends Logger
## Collects errors of scripts while tests run: one inside an awaited test ends its coroutine
## without a result.
##
## Loaded by run.gd if the engine has a Logger (Godot 4.5 and later).

var _errors := PackedStringArray()
var _lock := Mutex.new()


## The errors since the last call.
func take() -> PackedStringArray:
	_lock.lock()
	var errors := _errors
	_errors = PackedStringArray()
	_lock.unlock()
	return errors


func _log_error(
	_function: String,
	file: String,
	line: int,
	code: String,
	rationale: String,
	_editor_notify: bool,
	error_type: int,
	_script_backtraces: Array[ScriptBacktrace]
) -> void:
	# What is asked of a node outside of the tree is a mistake of its script too.
	if error_type != ERROR_TYPE_SCRIPT and not "is_inside_tree" in code:
		return
	_lock.lock()
	_errors.append("%s:%d: %s" % [file, line, rationale if rationale else code])
	_lock.unlock()


func _log_message(_message: String, _error: bool) -> void:
	pass
