@tool
@icon("../icons/client.svg")
class_name SentioClient
extends SentioFeed
## Hears a running sidecar, and asks it to do things.
##
## Add one to a scene or as an autoload, start the sidecar with [code]sentio run --demo[/code], and
## connect to [signal SentioFeed.frame]. Connects by itself, and again whenever the sidecar comes
## back; [member SentioFeed.link_reason] says in one line how it stands and what to do. Nothing
## here blocks the game.
## [codeblock]
## func _on_client_frame(frame: SentioAffectFrame) -> void:
##     if frame.value("confidence", 0.0) > 0.1:
##         print(frame.value("arousal"))
## [/codeblock]

## The sidecar answered: the map of [code]hello[/code], see PROTOCOL.md, section 6.
signal greeted(hello: Dictionary)

## A connection that brings no state for so long is told as silent. The sidecar sends every 0.25 s.
const SILENT_AFTER := 1.5
## The sidecar's clock is asked for this often.
const CLOCK_EVERY := 10.0
## How often the way of requests is looked after while nothing is asked.
const IDLE_EVERY := 0.1
const _VERSION := "1.0.0"
const _REFUSALS: Array[String] = ["mechanism", "refused", "version", "signature", "socket_type"]

## Where the sidecar is.
@export var connection: SentioConnection:
	set(value):
		connection = value
		update_configuration_warnings()
## Whether to connect as soon as the node is in the tree.
@export var autostart := true

## What the sidecar said of itself; empty before it answered.
var hello := {}
## What is agreed to: sensor to granted purposes; empty before the sidecar answered.
var consent := {}
## Where set, called with every published message and its time, before anything is left out:
## [code]func(message: PackedByteArray, now: float)[/code]. [SentioRecorder] listens here.
var tap := Callable()

var _state_link: SentioLink
var _control: SentioControl
var _inbox: SentioInbox
var _clock := SentioClock.new()
var _heard := -INF
var _up_since := -INF
var _control_ups := 0
var _asked_clock := -INF
var _control_polled := -INF
var _detail_waiting := PackedByteArray()


func _init() -> void:
	process_mode = Node.PROCESS_MODE_ALWAYS
	process_priority = -100


func _ready() -> void:
	set_process(is_running())
	if autostart and not Engine.is_editor_hint():
		start()


func _exit_tree() -> void:
	stop()


func _process(_delta: float) -> void:
	poll(now())


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if connection and connection.state_port == connection.control_port:
		warnings.append("State and requests need two different ports (28700 and 28701).")
	if OS.has_feature("web"):
		warnings.append(
			"A browser has no plain sockets: use SentioPlayer or SentioSimulator there."
		)
	return warnings


## Connects, and stays connected until [method stop]. Called by itself with [member autostart].
func start() -> void:
	if is_running():
		return
	if connection == null:
		connection = SentioConnection.new()
	_inbox = SentioInbox.new(subject, connection.oldest_state)
	_state_link = connection.link_to(connection.state_port, "SUB", _inbox.topics())
	_control = connection.control()
	_clock.reset()
	_heard = -INF
	_control_ups = 0
	set_process(true)
	_tell(LinkState.CONNECTING, "looking for the sidecar at " + connection.where())


## Hangs up. Requests without an answer fail with the code [code]closed[/code].
func stop() -> void:
	if not is_running():
		return
	var control := _control
	_state_link.close()
	_state_link = null
	_control = null
	set_process(false)
	control.close()
	_tell(LinkState.OFF, "stopped")


## Whether it connects or is connected.
func is_running() -> bool:
	return _state_link != null


## Does what is due at [param time] of [method now]; called once a rendered frame by itself.
func poll(time: float) -> void:
	var messages := _state_link.poll(time)
	if tap.is_valid():
		for message in messages:
			tap.call(message[0], time)
	_inbox.take(messages, _clock.theirs(time) if _clock.known else NAN)
	if not _control.is_idle() or time - _control_polled > IDLE_EVERY:
		_control_polled = time
		_poll_control(time)
	_hand_on(time)
	if is_running():
		_judge(time)


func _poll_control(time: float) -> void:
	_control.poll(time)
	if _control.link.ups != _control_ups:
		_control_ups = _control.link.ups
		_greet(time)
	elif _control_ups > 0 and time - _asked_clock > CLOCK_EVERY:
		_ask_clock(time)


## Seconds of this game's clock, which [method poll] runs by.
static func now() -> float:
	return Time.get_ticks_usec() * 1e-6


func age() -> float:
	if latest == null:
		return INF
	return (_clock.theirs(now()) - latest.sent) if _clock.known else now() - _heard


## Seconds from the newest sample behind the latest state to now; NAN where it is not known.
func latency() -> float:
	if latest == null or latest.captured < 0.0 or not _clock.known:
		return NAN
	return _clock.theirs(now()) - latest.captured


## The sidecar's time now, NAN where it is not known.
func sidecar_time() -> float:
	return _clock.theirs(now()) if _clock.known else NAN


## What was left out so far: [code]superseded[/code] and [code]outdated[/code] states,
## [code]missed_events[/code], [code]malformed[/code] messages and [code]reconnects[/code].
func counters() -> Dictionary:
	if not is_running():
		return {}
	return {
		"superseded": _inbox.superseded,
		"outdated": _inbox.outdated,
		"missed_events": _inbox.missed_events,
		"malformed": _inbox.malformed,
		"reconnects": maxi(_state_link.ups - 1, 0),
	}


## Asks for any operation of PROTOCOL.md, section 6. Do with the reply as you like:
## [codeblock]
## var reply := await client.request("rate", {"hz": 30}).wait()
## if not reply.ok:
##     print(reply.error)
## [/codeblock]
func request(op: String, arguments: Dictionary = {}) -> SentioReply:
	if not is_running():
		var refused := SentioReply.new()
		refused.op = op
		refused.fail(SentioError.new("closed", "the client is stopped", "call start()"))
		return refused
	var whole := arguments.duplicate()
	if not whole.has("subject") and _inbox.subject:
		whole["subject"] = _inbox.subject
	return _control.ask(op, whole, now())


## Tells what happened in the game; comes back as an event and is kept in recordings. False where
## the sidecar is not connected: a marker that arrives late would lie about its time.
func mark(name: StringName, data: Dictionary = {}) -> bool:
	return _can_ask() and not request("marker", {"name": name, "data": data}).done


func report_adaptation(what: StringName, value: float, why: String = "") -> bool:
	var arguments := {"what": what, "value": value, "why": why}
	return _can_ask() and not request("adaptation", arguments).done


## Hands on a line that the person wrote. [code]accepted[/code] is false without consent for text.
func send_text(line: String) -> SentioReply:
	return request("text", {"line": line})


## Tells what the person says that they feel: [param entry] is valence, arousal, dominance (-1..1),
## stress, engagement, relaxation or focus (0..1).
func label(entry: String, value: float) -> SentioReply:
	return request("label", {"name": entry, "value": value})


## Hands on samples of a sensor that the engine reads: face tracking of a headset, a heart-rate
## strap. [param values] holds one number for each of [param channels], or several rows of them;
## [param role] is face, ppg, ecg, eda, resp, temp, accel or eeg.
func input(
	stream: String,
	role: String,
	channels: PackedStringArray,
	values: PackedFloat32Array,
	rate_hz: float = 0.0
) -> SentioReply:
	var arguments := {
		"stream": stream,
		"role": role,
		"channels": Array(channels),
		"values": Array(values),
		"rate_hz": rate_hz,
	}
	return request("input", arguments)


## Agrees, for the person, that [param sensor] is read for [param purposes]: adapt, record,
## record_raw. Ask the person first; [SentioConsent] does.
func grant(sensor: String, purposes: PackedStringArray = ["adapt"]) -> SentioReply:
	return _consent({"action": "grant", "sensor": sensor, "purposes": Array(purposes)})


## Takes back what was agreed to: the sensor is closed and its buffers are emptied.
func withdraw(sensor: String) -> SentioReply:
	return _consent({"action": "withdraw", "sensor": sensor})


## Asks what is agreed to; also in [member consent].
func consent_status() -> SentioReply:
	return _consent({"action": "status"})


## Starts a recording; asked twice it goes on. [param raw] names sensors whose raw samples are kept.
func record_start(folder: String = "", raw: PackedStringArray = []) -> SentioReply:
	var arguments := {"action": "start", "raw": Array(raw)}
	if folder:
		arguments["folder"] = folder
	return request("record", arguments)


## Ends the recording.
func record_stop() -> SentioReply:
	return request("record", {"action": "stop"})


## Starts a baseline of [param seconds] (30..120): [param kind] is rest or active.
func calibrate_start(
	kind: String = "rest", seconds: float = 60.0, profile: String = ""
) -> SentioReply:
	var arguments := {"action": "start", "kind": kind, "seconds": seconds}
	if profile:
		arguments["profile"] = profile
	return request("calibrate", arguments)


## Ends the baseline before its time; nothing is kept of it.
func calibrate_stop() -> SentioReply:
	return request("calibrate", {"action": "stop"})


## How the baseline goes.
func calibrate_status() -> SentioReply:
	return request("calibrate", {"action": "status"})


## Asks all that adapts to hold still.
func freeze(reason: String = "asked for") -> SentioReply:
	return request("freeze", {"reason": reason})


## Lets adaptation go on.
func unfreeze() -> SentioReply:
	return request("unfreeze")


## Sets values by hand for [param seconds]; null releases one.
func override_values(values: Dictionary, seconds: float = 3600.0) -> SentioReply:
	return request("override", {"values": values, "seconds": seconds})


## Asks how a character would show [param emotion]: [code]response[/code] is for [SentioExpression].
func synthesise(emotion: String, intensity: float = 1.0) -> SentioReply:
	return request("synthesise", {"emotion": emotion, "intensity": intensity})


func _consent(arguments: Dictionary) -> SentioReply:
	var reply := request("consent", arguments)
	reply.settled.connect(_take_consent.bind(reply))
	return reply


func _take_consent(reply: SentioReply) -> void:
	if reply.ok and reply.body.get("consent") is Dictionary:
		_set_consent(reply.body["consent"])


func _set_consent(granted: Dictionary) -> void:
	if granted != consent:
		consent = granted
		consent_changed.emit(consent)


func _can_ask() -> bool:
	return is_running() and _control.link.state == SentioLink.State.UP


func _greet(time: float) -> void:
	_clock.reset()
	_asked_clock = time
	var reply := _control.ask("hello", {"client": "godot", "client_version": _VERSION}, time)
	reply.settled.connect(_take_hello.bind(reply, time))


func _take_hello(reply: SentioReply, asked: float) -> void:
	if not reply.ok:
		return
	hello = reply.body
	_take_time(reply, asked)
	greeted.emit(hello)
	consent_status()


func _ask_clock(time: float) -> void:
	_asked_clock = time
	var reply := _control.ask("time", {}, time)
	reply.settled.connect(_take_time.bind(reply, time))


func _take_time(reply: SentioReply, asked: float) -> void:
	if reply.ok and reply.body.get("time") is float:
		var theirs: float = reply.body["time"]
		_clock.observe(asked, theirs)


func _hand_on(time: float) -> void:
	if not _inbox.detail_bytes.is_empty():
		_detail_waiting = _inbox.detail_bytes
	var events := _inbox.events
	var state := _inbox.state
	if state:
		latest = state
		_heard = time
		frame.emit(state)
	for told in events:
		var about: String = told[0]
		var body: Dictionary = told[1]
		_notice_consent(body)
		event.emit(about, body)
	if not _detail_waiting.is_empty() and not detail.get_connections().is_empty():
		if not latest_detail.is_empty():
			detail.emit(_inbox.subject, latest_detail)


func _refresh_detail() -> void:
	if _detail_waiting.is_empty():
		return
	var bytes := _detail_waiting
	_detail_waiting = PackedByteArray()
	var map := _inbox.decode_detail(bytes) if _inbox else {}
	if not map.is_empty():
		latest_detail = map


func _notice_consent(body: Dictionary) -> void:
	var data: Variant = body.get("data")
	if body["kind"] == "consent" and data is Dictionary and (data as Dictionary).has("purposes"):
		var changed := consent.duplicate()
		changed[body.get("name", "")] = (data as Dictionary)["purposes"]
		_set_consent(changed)


func _judge(time: float) -> void:
	if link == LinkState.LIVE and time - _heard < SILENT_AFTER and _inbox.other_version == 0:
		if _state_link.state == SentioLink.State.UP:
			return
	var where := connection.where()
	if _inbox.other_version != 0:
		_tell(LinkState.REFUSED, SentioReasons.version(_inbox.other_version))
	elif _state_link.state == SentioLink.State.UP:
		if link == LinkState.CONNECTING or link == LinkState.LOST or link == LinkState.REFUSED:
			_up_since = time
		if time - _heard < SILENT_AFTER:
			_tell(LinkState.LIVE, "connected to " + where)
		elif time - maxf(_up_since, _heard) > SILENT_AFTER:
			_tell(
				LinkState.SILENT,
				"connected to %s, but it sends no state of '%s'" % [where, subject]
			)
	elif _state_link.code:
		var reason := SentioReasons.link(
			_state_link.code, _state_link.detail, where, not connection.token.is_empty()
		)
		if _state_link.code in _REFUSALS:
			_tell(LinkState.REFUSED, reason)
		else:
			_tell(LinkState.LOST if _state_link.ups > 0 else LinkState.CONNECTING, reason)


func _tell(state: LinkState, reason: String) -> void:
	if state == link and reason == link_reason:
		return
	link = state
	link_reason = reason
	link_state.emit(state, reason)
