class_name SentioSidecarProcess
extends RefCounted
## One sidecar as a child process that ends with the game.
##
## The child reads from a pipe that only this process holds: when the game ends, in whatever way,
## the pipe closes and the sidecar exits ([code]--exit-on-stdin-eof[/code]).

## Most characters of the child's output that are kept.
const KEPT_OUTPUT := 2000

## Empty, or why it could not start.
var problem := ""
## The end of the child's output.
var output := ""

var _pid := -1
var _stdio: FileAccess
var _stderr: FileAccess


## Why no process can be started on this platform; empty if one can.
static func hindrance() -> String:
	for feature: String in ["web", "android", "ios"]:
		if OS.has_feature(feature):
			return (
				"%s apps cannot start programs: run the sidecar on a computer, or play a recording"
				% feature
			)
	return ""


## Starts [param command] with [param arguments]. Returns false and sets [member problem] if it does
## not start.
func start(command: String, arguments: PackedStringArray) -> bool:
	problem = hindrance()
	if not problem.is_empty():
		return false
	var pipes := OS.execute_with_pipe(command, arguments, false)
	if pipes.is_empty():
		problem = "cannot start '%s': install it with 'pip install sentio-affect'" % command
		return false
	_pid = pipes["pid"]
	_stdio = pipes["stdio"]
	_stderr = pipes["stderr"]
	return true


## Whether the child runs. Also reads its output, so that it never blocks on a full pipe.
func is_running() -> bool:
	if _pid < 0:
		return false
	# Checked first: a child's last output is in the pipe by then.
	var runs := OS.is_process_running(_pid)
	_drain(_stdio)
	_drain(_stderr)
	return runs


## The child's process id; -1 before it is started.
func process_id() -> int:
	return _pid


## The child's exit code, or the number of the signal that ended it; -1 while it runs and before
## it is started.
func exit_code() -> int:
	return OS.get_process_exit_code(_pid) if _pid >= 0 and not is_running() else -1


## Ends the child by closing the pipe that it reads.
func stop() -> void:
	_stdio = null
	_stderr = null
	_pid = -1


func _drain(pipe: FileAccess) -> void:
	if pipe == null or not pipe.is_open():
		return
	var bytes := pipe.get_buffer(KEPT_OUTPUT)
	while not bytes.is_empty():
		output = (output + bytes.get_string_from_utf8()).right(KEPT_OUTPUT)
		bytes = pipe.get_buffer(KEPT_OUTPUT)
