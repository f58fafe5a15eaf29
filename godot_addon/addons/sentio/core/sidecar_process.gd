class_name SentioSidecarProcess
extends RefCounted
## One sidecar as a child process that ends with the game.
##
## The child reads from a pipe that only this process holds: however the game ends, the pipe closes,
## and the sidecar ends itself ([code]--exit-on-stdin-eof[/code]).

## What the child said last on its standard error, for a person; a page at most.
const KEPT_OUTPUT := 2000

## Empty, or why it could not be started.
var error := ""
## What the child said last.
var output := ""

var _pid := -1
var _stdio: FileAccess
var _stderr: FileAccess


## Why no process can be started on this platform; empty where it can.
static func hindrance() -> String:
	for feature: String in ["web", "android", "ios"]:
		if OS.has_feature(feature):
			return (
				"%s apps cannot start programs: run the sidecar on a computer, or play a recording"
				% feature
			)
	return ""


## Starts [param command] with [param arguments]; false, with [member error] set, where it does not
## start.
func start(command: String, arguments: PackedStringArray) -> bool:
	error = hindrance()
	if not error.is_empty():
		return false
	var pipes := OS.execute_with_pipe(command, arguments, false)
	if pipes.is_empty():
		error = "cannot start '%s': install it with 'pip install sentio-affect'" % command
		return false
	_pid = pipes["pid"]
	_stdio = pipes["stdio"]
	_stderr = pipes["stderr"]
	return true


## Whether the child runs. Also reads what it said, so that it never waits for a reader.
func is_running() -> bool:
	if _pid < 0:
		return false
	# First this: what a child says before it ends is in the pipe by then.
	var runs := OS.is_process_running(_pid)
	_drain(_stdio)
	_drain(_stderr)
	return runs


## The child's process id, -1 before it was started.
func pid() -> int:
	return _pid


## What the child ended with: its own code, or the number of the signal that ended it; -1 while it
## runs and before it was started.
func exit_code() -> int:
	return OS.get_process_exit_code(_pid) if _pid >= 0 and not is_running() else -1


## Lets the child end by itself: closes the pipe that it reads.
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
