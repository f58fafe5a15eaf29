class_name SentioSidecarProcess
extends RefCounted
## One sidecar as a child process that ends with the game.
##
## The child ends when the pipe that it reads is closed ([code]--exit-on-stdin-eof[/code]) and when
## this process has ended ([code]--parent-pid[/code]): other children of the game may have inherited
## the pipe and keep it open. [SentioSidecarEnd] ends it earlier.

## Most characters of the child's output that are kept.
const KEPT_OUTPUT := 2000

## Empty, or why it could not start.
var problem := ""
## The end of the child's output.
var output := ""

var _pid := -1
var _ended := false
var _stdio: FileAccess
var _stderr: FileAccess


## Why no process can be started on this platform; empty if one can.
static func hindrance() -> String:
	if OS.has_feature("web"):
		return "browsers cannot start programs or open sockets: use SentioPlayer or SentioSimulator"
	for feature: String in ["android", "ios"]:
		if OS.has_feature(feature):
			return (
				"%s apps cannot start programs: run the sidecar on a computer, or play a recording"
				% feature
			)
	return ""


## Starts [param command] with [param arguments]; it receives [param token] if that is not empty.
## Returns false and sets [member problem] if it does not start.
func start(command: String, arguments: PackedStringArray, token: SentioLaunchToken = null) -> bool:
	problem = hindrance()
	if not problem.is_empty():
		return false
	var begin := OS.execute_with_pipe.bind(command, arguments, false)
	var pipes: Dictionary = token.lend(begin) if token else begin.call()
	if pipes.is_empty():
		problem = "'%s' is there but cannot be started" % command
		return false
	_pid = pipes["pid"]
	_ended = false
	_stdio = pipes["stdio"]
	_stderr = pipes["stderr"]
	return true


## Whether the child runs. Also reads its output, so that it never blocks on a full pipe.
func is_running() -> bool:
	if _pid < 0 or _ended:
		return false
	# Checked first: a child's last output is in the pipe by then. An ended child is forgotten by the
	# engine, and must not be looked up again.
	_ended = not OS.is_process_running(_pid)
	_drain(_stdio)
	_drain(_stderr)
	return not _ended


## The child's process id; -1 before it is started.
func process_id() -> int:
	return _pid


## The child's exit code, or the number of the signal that ended it; -1 while it runs and before
## it is started.
func exit_code() -> int:
	return OS.get_process_exit_code(_pid) if _pid >= 0 and not is_running() else -1


## Closes the pipes; the child ends when it notices. [method is_running] still reports its state.
func close_pipes() -> void:
	_stdio = null
	_stderr = null


## Kills the child.
func kill() -> void:
	if is_running():
		OS.kill(_pid)
		_ended = true  # the engine has waited for it


func _drain(pipe: FileAccess) -> void:
	if pipe == null or not pipe.is_open():
		return
	var bytes := pipe.get_buffer(KEPT_OUTPUT)
	while not bytes.is_empty():
		output = (output + bytes.get_string_from_utf8()).right(KEPT_OUTPUT)
		bytes = pipe.get_buffer(KEPT_OUTPUT)
