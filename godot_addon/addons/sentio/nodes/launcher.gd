@tool
@icon("../icons/launcher.svg")
class_name SentioLauncher
extends Node
## Uses a running sidecar, or starts one that ends with the game.
##
## Does not start a second sidecar at the client's ports. A started sidecar ends when this node
## leaves the tree, and also when the game crashes.

## The state changed; with the reason in one line.
signal changed(state: SentioLauncher.LaunchState, reason: String)

## State of the launcher.
enum LaunchState {
	## Not started.
	IDLE,
	## Looking for a running sidecar.
	LOOKING,
	## A running one was found; it is not ended.
	FOUND,
	## None runs; starting one.
	STARTING,
	## The started one replies.
	STARTED,
	## There is none; [member reason] says why.
	FAILED,
}

## Deprecated: the former name of [enum LaunchState]; goes with the next version.
const State = LaunchState  # gdlint: ignore=constant-name

## Time limit for a running sidecar's reply; locally it takes milliseconds.
const LOOK_FOR := 1.0
## Time limit for a started one's reply: it loads models.
const START_WITHIN := 20.0

## The client whose ports are used.
@export var client: SentioClient:
	set(node):
		client = node
		update_configuration_warnings()
## The program: a name on the PATH, or a path. Empty: the project setting sentio/sidecar/command.
@export var command := ""
## Simulates all sensors, without hardware.
@export var demo := false
## The sidecar's configuration file; empty for its own.
@export_global_file("*.toml") var config := ""
## Launches as soon as it is in the tree.
@export var autostart := true

## Current state.
var state := LaunchState.IDLE
## The reason, in one line.
var reason := ""

var _process_started := SentioSidecarProcess.new()
var _probe: SentioControl
var _answer: SentioReply
var _since := 0.0


func _init() -> void:
	process_mode = Node.PROCESS_MODE_ALWAYS


func _ready() -> void:
	set_process(state != LaunchState.IDLE)
	if autostart and not Engine.is_editor_hint():
		launch()


# A node that only moves to another parent leaves the tree too: its sidecar goes on.
func _exit_tree() -> void:
	_stop_outside.call_deferred()


func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE:
		stop()


func _get_configuration_warnings() -> PackedStringArray:
	if client == null:
		return ["Choose the SentioClient whose ports are used."]
	return []


## Looks for a sidecar, and starts one if none replies.
func launch() -> void:
	if (
		state == LaunchState.LOOKING
		or state == LaunchState.STARTING
		or _process_started.is_running()
	):
		return
	_look()
	_change(LaunchState.LOOKING, "looking for a running sidecar")
	set_process(true)


## Ends a sidecar that was started here, not one that was found.
func stop() -> void:
	if _probe:
		_probe.close()
		_probe = null
	_process_started.stop()
	set_process(false)
	_change(LaunchState.IDLE, "stopped")


## Process id of the sidecar that was started here; -1 if none was.
func process_id() -> int:
	return _process_started.process_id()


## Deprecated: the former name of [method process_id]; goes with the next version.
func pid() -> int:
	SentioDeprecated.warn("SentioLauncher.pid()", "process_id()")
	return process_id()


## Arguments of the started sidecar.
func arguments() -> PackedStringArray:
	var connection := _connection()
	var all := PackedStringArray(["run", "--quiet", "--exit-on-stdin-eof"])
	all.append_array(["--state-port", str(connection.state_port)])
	all.append_array(["--control-port", str(connection.control_port)])
	if demo:
		all.append("--demo")
	if config:
		all.append_array(["--config", ProjectSettings.globalize_path(config)])
	return all


func _stop_outside() -> void:
	if not is_inside_tree():
		stop()


func _process(_delta: float) -> void:
	var now := SentioClient.now()
	if _probe:
		_probe.poll(now)
	match state:
		LaunchState.LOOKING:
			_looking(now)
		LaunchState.STARTING:
			_starting(now)
		LaunchState.STARTED:
			if not _process_started.is_running():
				_failed("the sidecar has ended, with code %d" % _process_started.exit_code())


func _look() -> void:
	if _probe:
		_probe.close()
	_since = SentioClient.now()
	_probe = _connection().control()
	_answer = _probe.ask("hello", {"client": "godot launcher"}, _since)


func _looking(now: float) -> void:
	if _answer.done and _answer.ok:
		_found(LaunchState.FOUND, "found a running sidecar")
	elif _answer.done and _answer.error.code == "unauthorised":
		_failed("a sidecar runs here but refuses the token: " + str(_answer.error))
	elif _probe.link.code in ["mechanism", "refused", "socket_type", "signature", "version"]:
		var where := "%s:%d" % [_connection().host, _connection().control_port]
		var token := not _connection().token.is_empty()
		_failed(SentioReasons.link(_probe.link.code, _probe.link.detail, where, token))
	elif now - _since > LOOK_FOR or _answer.done:
		_start(now)


func _start(now: float) -> void:
	if not _process_started.start(_program(), arguments()):
		_failed(_process_started.problem)
		return
	_look()
	_since = now
	_change(LaunchState.STARTING, "starting the sidecar")


func _starting(now: float) -> void:
	if _answer.done and _answer.ok:
		_found(LaunchState.STARTED, "the sidecar was started")
	elif not _process_started.is_running():
		_failed("the sidecar did not start: code %d" % _process_started.exit_code())
	elif now - _since > START_WITHIN:
		_failed("the sidecar does not reply")
	elif _answer.done:
		_answer = _probe.ask("hello", {"client": "godot launcher"}, now)


func _found(how: SentioLauncher.LaunchState, why: String) -> void:
	_probe.close()
	_probe = null
	set_process(how == LaunchState.STARTED)
	_change(how, why)


func _failed(why: String) -> void:
	if _probe:
		_probe.close()
		_probe = null
	var output := _process_started.output.strip_edges().get_slice("\n", 0)
	if "Could not create child process" in output:
		output = "there is no program '%s'; install it with: pip install sentio-affect" % _program()
	_process_started.stop()
	set_process(false)
	_change(LaunchState.FAILED, why + (": " + output if output else ""))


func _program() -> String:
	if command:
		return command
	return str(ProjectSettings.get_setting("sentio/sidecar/command", "sentio"))


func _connection() -> SentioConnection:
	if client and client.connection:
		return client.connection
	return SentioConnection.new()


func _change(now_state: SentioLauncher.LaunchState, why: String) -> void:
	if now_state == state and why == reason:
		return
	state = now_state
	reason = why
	changed.emit(state, reason)
