@tool
@icon("../icons/launcher.svg")
class_name SentioLauncher
extends Node
## Makes sure that a sidecar runs: uses the one that is there, else starts one that ends with the
## game.
##
## Looks before it starts: a sidecar that answers at the client's ports is never doubled. What was
## started here ends when this node leaves the tree, and also when the game crashes.

## Where it stands, with one line for a person.
signal changed(state: State, reason: String)

## How far it is.
enum State {
	## Nothing is done.
	IDLE,
	## It looks for a running sidecar.
	LOOKING,
	## One runs already; it is used and left alone.
	FOUND,
	## None runs: one is being started.
	STARTING,
	## The one that was started answers.
	STARTED,
	## There is none: [member reason] says why.
	FAILED,
}

## How long a running sidecar may take to answer; on this machine it takes milliseconds.
const LOOK_FOR := 1.0
## How long a started one may take: it loads models.
const START_WITHIN := 20.0

## Whose ports are used.
@export var client: SentioClient:
	set(node):
		client = node
		update_configuration_warnings()
## The program: a name on the PATH, or a path. Empty: the project setting sentio/sidecar/command.
@export var command := ""
## Simulates everything; no hardware, nobody is measured.
@export var demo := false
## The sidecar's configuration file; empty for its own.
@export_global_file("*.toml") var config := ""
## Looks, and starts, as soon as it is in the tree.
@export var autostart := true

## How far it is.
var state := State.IDLE
## Why, in one line.
var reason := ""

var _process_started := SentioSidecarProcess.new()
var _probe: SentioControl
var _answer: SentioReply
var _since := 0.0


func _init() -> void:
	process_mode = Node.PROCESS_MODE_ALWAYS


func _ready() -> void:
	set_process(state != State.IDLE)
	if autostart and not Engine.is_editor_hint():
		launch()


func _exit_tree() -> void:
	stop()


func _get_configuration_warnings() -> PackedStringArray:
	if client == null:
		return ["Choose the SentioClient whose sidecar is looked for."]
	return []


## Looks for a sidecar, and starts one where none answers.
func launch() -> void:
	if state == State.LOOKING or state == State.STARTING or _process_started.is_running():
		return
	_look()
	_tell(State.LOOKING, "looking for a running sidecar")
	set_process(true)


## Ends what was started here; a sidecar that was found is left alone.
func stop() -> void:
	if _probe:
		_probe.close()
		_probe = null
	_process_started.stop()
	set_process(false)
	_tell(State.IDLE, "stopped")


## The process id of the sidecar that was started here, -1 where none was.
func pid() -> int:
	return _process_started.pid()


## What the started sidecar is called with.
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


func _process(_delta: float) -> void:
	var now := SentioClient.now()
	if _probe:
		_probe.poll(now)
	match state:
		State.LOOKING:
			_looking(now)
		State.STARTING:
			_starting(now)
		State.STARTED:
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
		_found(State.FOUND, "found a running sidecar")
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
		_failed(_process_started.error)
		return
	_look()
	_since = now
	_tell(State.STARTING, "starting the sidecar")


func _starting(now: float) -> void:
	if _answer.done and _answer.ok:
		_found(State.STARTED, "the sidecar was started")
	elif not _process_started.is_running():
		_failed("the sidecar did not start: code %d" % _process_started.exit_code())
	elif now - _since > START_WITHIN:
		_failed("the sidecar does not answer")
	elif _answer.done:
		_answer = _probe.ask("hello", {"client": "godot launcher"}, now)


func _found(how: State, why: String) -> void:
	_probe.close()
	_probe = null
	set_process(how == State.STARTED)
	_tell(how, why)


func _failed(why: String) -> void:
	if _probe:
		_probe.close()
		_probe = null
	var said := _process_started.output.strip_edges().get_slice("\n", 0)
	if "Could not create child process" in said:
		said = "there is no program '%s'; install it with: pip install sentio-affect" % _program()
	_process_started.stop()
	set_process(false)
	_tell(State.FAILED, why + (": " + said if said else ""))


func _program() -> String:
	if command:
		return command
	return str(ProjectSettings.get_setting("sentio/sidecar/command", "sentio"))


func _connection() -> SentioConnection:
	if client and client.connection:
		return client.connection
	return SentioConnection.new()


func _tell(now_state: State, why: String) -> void:
	if now_state == state and why == reason:
		return
	state = now_state
	reason = why
	changed.emit(state, reason)
