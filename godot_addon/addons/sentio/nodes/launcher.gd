@tool
@icon("../icons/launcher.svg")
class_name SentioLauncher
extends Node
## Uses a running sidecar, or starts one that ends with the game.
##
## Does not start a second sidecar at the client's ports. Looks for the program in the folder
## [code]sentio[/code] beside the game, on the PATH, then in a Python. A started sidecar ends when
## this node leaves the tree, and also when the game crashes, within three seconds.

## The state changed; with the reason in one line. While a sidecar starts, once a second.
signal changed(state: SentioLauncher.LaunchState, reason: String)

## State of the launcher.
enum LaunchState {
	## Not started.
	IDLE,
	## Looking for a running sidecar.
	LOOKING,
	## A running one was found; it is not ended. If it ends, the launcher looks again.
	FOUND,
	## None runs; starting one.
	STARTING,
	## The started one replies.
	STARTED,
	## There is none; [member reason] gives the cause.
	FAILED,
}

## Deprecated: the former name of [enum LaunchState]; to be removed in the next version.
const State = LaunchState  # gdlint: ignore=constant-name

## Time limit for a running sidecar's reply; locally it takes milliseconds.
const LOOK_FOR := 1.0
## Time limit for a started one's reply: at the first start, virus scanners read all of it.
const START_WITHIN := 60.0
## Exit code of a sidecar whose ports are in use.
const PORT_TAKEN := 3
## Seconds between two looks at a sidecar that runs.
const LOOK_EVERY := 0.25
const _GROUP := &"sentio_launchers"

## The client whose ports are used.
@export var client: SentioClient:
	set(node):
		client = node
		update_configuration_warnings()
## The program: a name on the PATH, or a path. Empty: the project setting sentio/sidecar/command,
## and if that is empty too, the places above.
@export var command := ""
## Simulates all sensors, without hardware.
@export var demo := false
## The sidecar's configuration file; empty for its own. [code]user://[/code] is allowed, and
## [SentioSensorChooser] writes such a file.
@export_global_file("*.toml") var config := ""
## Launches as soon as it is in the tree.
@export var autostart := true

## Current state.
var state := LaunchState.IDLE
## The reason, in one line.
var reason := ""

var _sidecar := SentioSidecarProcess.new()
var _ending: SentioSidecarProcess
var _finder := SentioSidecarFinder.new()
var _times := SentioStartTimes.new()
var _control: SentioControl
var _answer: SentioReply
var _since := 0.0
var _next := 0.0
var _lost_ports := false
var _own_connection := SentioConnection.new()


func _init() -> void:
	process_mode = Node.PROCESS_MODE_ALWAYS
	add_to_group(_GROUP)


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
	if state != LaunchState.IDLE and state != LaunchState.FAILED:
		return
	if OS.has_feature("web"):
		_failed(SentioSidecarProcess.hindrance())
		return
	_lost_ports = false
	_look("looking for a running sidecar")
	set_process(true)


## Ends a sidecar that was started here, not one that was found.
func stop() -> void:
	_end_started()
	set_process(false)
	_change(LaunchState.IDLE, "stopped")


## Starts again with the present settings: ends a sidecar that was started here and looks again.
func restart() -> void:
	stop()
	launch()


## Process id of the sidecar that was started here; -1 if none was.
func process_id() -> int:
	return _sidecar.process_id()


## Deprecated: the former name of [method process_id]; to be removed in the next version.
func pid() -> int:
	SentioDeprecated.warn("SentioLauncher.pid()", "process_id()")
	return process_id()


## How far a start is, 0..1, by the time that earlier starts took on this computer.
func progress() -> float:
	match state:
		LaunchState.STARTING:
			return minf(0.95, (SentioClient.now() - _since) / _times.expected())
		LaunchState.FOUND, LaunchState.STARTED:
			return 1.0
	return 0.0


## Arguments of the started sidecar.
func arguments() -> PackedStringArray:
	var connection := _connection()
	var all := PackedStringArray(["run", "--quiet", "--exit-on-stdin-eof"])
	all.append_array(["--parent-pid", str(OS.get_process_id())])
	all.append_array(["--state-port", str(connection.state_port)])
	all.append_array(["--control-port", str(connection.control_port)])
	if demo:
		all.append("--demo")
	elif config:
		all.append_array(["--config", ProjectSettings.globalize_path(config)])
	return all


func _stop_outside() -> void:
	if not is_inside_tree():
		stop()


func _process(_delta: float) -> void:
	var now := SentioClient.now()
	if now < _next:
		return
	if state == LaunchState.FOUND or state == LaunchState.STARTED:
		_next = now + LOOK_EVERY
	if _control:
		_control.poll(now)
	match state:
		LaunchState.LOOKING:
			_looking(now)
		LaunchState.STARTING:
			_starting(now)
		LaunchState.FOUND:
			if _control.link.state != SentioLink.State.UP:
				_look("the sidecar that was found has ended: looking again")
		LaunchState.STARTED:
			if not _sidecar.is_running():
				_has_ended("the sidecar has ended")


func _look(why: String) -> void:
	_end_started()
	_ask(SentioClient.now())
	_change(LaunchState.LOOKING, why)


func _ask(now: float) -> void:
	if _control:
		_control.close()
	_since = now
	_next = now
	_control = _connection().control()
	_answer = _control.ask("hello", {"client": "godot launcher"}, now)


func _looking(now: float) -> void:
	if _ending:
		if _ending.is_running():
			return
		_ending = null
		_ask(now)
	elif _answer.done and _answer.ok:
		_lost_ports = false
		_change(LaunchState.FOUND, "found a running sidecar")
	elif _answer.done and _answer.error.code == "unauthorised":
		_failed("a sidecar runs here but refuses the token: " + str(_answer.error))
	elif _control.link.code in ["mechanism", "refused", "socket_type", "signature", "version"]:
		var where := "%s:%d" % [_connection().host, _connection().control_port]
		var token := not _connection().token.is_empty()
		_failed(SentioReasons.link(_control.link.code, _control.link.detail, where, token))
	elif _another_starts():
		_change(LaunchState.LOOKING, "another launcher of this game starts the sidecar")
		_ask_again(now)
		_since = now
	elif _lost_ports and now - _since <= START_WITHIN:
		_ask_again(now)
	elif _lost_ports:
		_failed("another program uses the ports %s" % _ports())
	elif now - _since > LOOK_FOR or _answer.done:
		_start(now)


func _start(now: float) -> void:
	var hindrance := SentioSidecarProcess.hindrance()
	if not hindrance.is_empty():
		_failed(hindrance)
	elif not _config_is_there():
		_failed("the configuration file cannot be written: %s" % config)
	elif not _finder.find(_named()):
		_failed(_finder.problem)
	elif not _start_with_token():
		_failed(_sidecar.problem)
	else:
		_ask(now)
		_change(LaunchState.STARTING, _starting_text(0))


# The sidecar and the clients of this connection share a token that nothing else has.
func _start_with_token() -> bool:
	var token := _connection().launched
	token.renew()
	return _sidecar.start(_finder.program, _finder.before + arguments(), token)


func _starting(now: float) -> void:
	if not _sidecar.is_running():
		_has_ended("the sidecar did not start")
	elif _answer.done and _answer.ok:
		_times.store(now - _since)
		_change(LaunchState.STARTED, "the sidecar was started")
	elif _control.link.code == "mechanism":
		_failed("the sidecar is older than this addon: pip install -U sentio-affect")
	elif now - _since > START_WITHIN:
		_failed("the sidecar does not reply")
	else:
		_ask_again(now)
		_change(LaunchState.STARTING, _starting_text(int(now - _since)))


func _ask_again(now: float) -> void:
	if _answer.done:
		_answer = _control.ask("hello", {"client": "godot launcher"}, now)


func _starting_text(seconds: int) -> String:
	var text := "starting the sidecar"
	if not _times.is_known():
		text += " for the first time, which can take a minute"
	return text if seconds == 0 else "%s (%d s)" % [text, seconds]


# The started sidecar runs no more.
func _has_ended(what: String) -> void:
	var code := _sidecar.exit_code()
	if code == PORT_TAKEN:
		_lost_ports = true
		_look("another sidecar took the ports first: looking for it")
		return
	var output := _sidecar.output
	if "Could not create child process" in output:
		_sidecar.output = ""
		_failed("'%s' is there but cannot be started on this computer" % _finder.program)
	elif "No module named sentio_bridge" in output:
		_sidecar.output = ""
		_failed("there is no sidecar on this computer: " + SentioSidecarFinder.FIX)
	elif "No such option: --parent-pid" in output:
		_sidecar.output = ""
		_failed("the sidecar is older than this addon: pip install -U sentio-affect")
	else:
		_failed("%s: code %d" % [what, code])


func _failed(why: String) -> void:
	var output := _sidecar.output.strip_edges().get_slice("\n", 0)
	_end_started()
	set_process(false)
	_change(LaunchState.FAILED, why + (": " + output if output else ""))


# Ends what was started here, and the connection.
func _end_started() -> void:
	var sidecar := _sidecar
	var control := _control
	_control = null
	_sidecar = SentioSidecarProcess.new()
	if sidecar.is_running():
		_ending = sidecar
		SentioSidecarEnd.new(sidecar, control if control else _connection().control()).begin()
	elif control:
		control.close()
	if sidecar.process_id() >= 0:
		_connection().launched.value = ""


# A file in the player's folder is made at the first start, without sensors.
func _config_is_there() -> bool:
	if demo or not config.begins_with("user://") or FileAccess.file_exists(config):
		return true
	return SentioSensorFile.write(config, []) == OK


# Whether another launcher of this game is starting a sidecar at the same ports.
func _another_starts() -> bool:
	for node in get_tree().get_nodes_in_group(_GROUP):
		var other := node as SentioLauncher
		if other and other != self and other.state == LaunchState.STARTING:
			if other._connection().control_port == _connection().control_port:
				return true
	return false


func _ports() -> String:
	return "%d and %d" % [_connection().state_port, _connection().control_port]


func _named() -> String:
	return command if command else str(ProjectSettings.get_setting("sentio/sidecar/command", ""))


func _connection() -> SentioConnection:
	if not client:
		return _own_connection
	if client.connection == null:
		client.connection = SentioConnection.new()
	return client.connection


func _change(now_state: SentioLauncher.LaunchState, why: String) -> void:
	if now_state == state and why == reason:
		return
	state = now_state
	reason = why
	changed.emit(state, reason)
