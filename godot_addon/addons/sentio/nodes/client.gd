@tool
@icon("../icons/client.svg")
class_name SentioClient
extends SentioRequests
## Subscribes to a sidecar and sends requests.
##
## Add one to a scene or as an autoload, start the sidecar with [code]sentio run --demo[/code], and
## connect to [signal SentioFeed.frame]. Connects and reconnects automatically;
## [member SentioFeed.link_reason] gives the link's state and what to do in one line. Does not block
## the game.
## [codeblock]
## func _on_client_frame(frame: SentioAffectFrame) -> void:
##     if frame.effective_confidence("arousal_level") > 0.0:
##         print(frame.effective_value("arousal_level"))
## [/codeblock]

## The sidecar replied to [code]hello[/code] (PROTOCOL.md, section 6).
signal hello_received(hello: Dictionary)
## [param count] events were sent but not received: the connection was cut, or they came faster than
## frames could take them. It is known when the next event arrives.
signal events_missed(count: int)
## Deprecated: the former name of [signal hello_received]; to be removed in the next version.
signal greeted(hello: Dictionary)

## Seconds between requests for the sidecar's time.
const CLOCK_EVERY := 10.0
## Seconds between polls of the request link while no request is pending, in frames without a new
## state. A poll costs about as much as all that a state does.
const IDLE_EVERY := 0.1
## The same in any frame.
const IDLE_MOST := 0.5
## Most events that wait for a frame.
const MOST_EVENTS := SentioStateReader.MOST_EVENTS
## Seconds between two warnings of missed events.
const WARN_EVERY := 10.0
## Most messages for [member message_observer] that wait for a frame.
const MOST_MESSAGES := 4096
const _VERSION := "0.1.0"

## Address of the sidecar.
@export var connection: SentioConnection:
	set(value):
		connection = value
		update_configuration_warnings()
## Whether to connect as soon as the node is in the tree.
@export var autostart := true

## The sidecar's reply to hello; empty before it.
var hello := {}
## If set, called with every published message and its time, before any is dropped:
## [code]func(message: PackedByteArray, now: float)[/code]. Recorders have their own, see
## [method observe_messages].
var message_observer := Callable():
	set(observer):
		observe_messages(message_observer, false)
		message_observer = observer
		observe_messages(observer)
## Deprecated: the former name of [member message_observer]; to be removed in the next version.
var tap: Callable:
	get:
		SentioDeprecated.warn("SentioClient.tap", "message_observer")
		return message_observer
	set(value):
		SentioDeprecated.warn("SentioClient.tap", "message_observer")
		message_observer = value

## The link and what a busy or hostile sidecar has cost, in one line.
var status: String:
	get:
		return _status()

var _reader: SentioStateReader
var _observers: Array[Callable] = []
var _budget := SentioFrameBudget.new()
var _events := SentioPacedQueue.new(MOST_EVENTS)
var _messages := SentioPacedQueue.new(MOST_MESSAGES)
var _clock := SentioRemoteClock.new()
var _received := -INF
var _fresh: SentioAffectFrame
var _control_ups := 0
var _clock_requested := -INF
var _control_polled := -INF
var _detail_waiting := PackedByteArray()
var _moved := false
# Whether events or messages wait to be shown.
var _waits := false
var _missed := 0
var _warned := -INF


func _init() -> void:
	process_mode = Node.PROCESS_MODE_ALWAYS
	process_priority = -100


func _ready() -> void:
	set_process(is_running())
	if autostart and not Engine.is_editor_hint():
		start()


func _enter_tree() -> void:
	if _moved:
		_moved = false
		start()


# A node that only moves to another parent leaves the tree too, and enters it again.
func _exit_tree() -> void:
	_moved = is_running()
	stop()


func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE:
		stop()


func _process(_delta: float) -> void:
	poll(now())


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if connection and connection.state_port == connection.control_port:
		warnings.append("States and requests need two different ports (28700 and 28701).")
	if OS.has_feature("web"):
		warnings.append("Browsers have no TCP sockets: use SentioPlayer or SentioSimulator there.")
	return warnings


## Connects, and stays connected until [method stop]. Called automatically with [member autostart].
func start() -> void:
	if is_running():
		return
	if OS.has_feature("web"):
		_change_link(
			SentioFeed.LinkState.REFUSED,
			"browsers have no TCP sockets: use SentioPlayer or SentioSimulator there"
		)
		return
	if connection == null:
		connection = SentioConnection.new()
	_reader = SentioStateReader.new(connection, subject)
	_reader.observes = not _observers.is_empty()
	_reader.start()
	_control = connection.control()
	_clock.reset()
	_control_ups = 0
	_budget.full_frames = 0
	_missed = 0
	set_process(true)
	_change_link(_reader.link, _reader.link_reason)


## Disconnects. Pending requests fail with the code [code]closed[/code].
func stop() -> void:
	if not is_running():
		return
	var control := _control
	_reader.stop()
	_reader = null
	_fresh = null
	_control = null
	_events.clear()
	_messages.clear()
	_waits = false
	set_process(false)
	control.close()
	_change_link(SentioFeed.LinkState.OFF, "stopped")


## Whether it is connecting or connected.
func is_running() -> bool:
	return _reader != null


## Processes what is due at [param time] of [method now]; called in each rendered frame.
func poll(time: float) -> void:
	# Few calls in a frame with a state alone: one that is in no cache costs about 10 us.
	_budget.ends = 0
	_reader.takes_events = not _waits
	if _waits:
		_budget.begin()
	var idle_wait := IDLE_EVERY
	if _reader.collect(time, _budget):
		idle_wait = IDLE_MOST
		_dispatch(time)
	elif _fresh and age() > SentioFeedFinder.LONGEST_AGE:
		_fresh = null
	if _waits:
		_show_waiting()
	# What is connected to a signal may stop this client.
	var control := _control
	if control == null:
		return
	var busy := control.link.state != SentioLink.State.UP or not control.waiting.is_empty()
	if busy or time - _control_polled > idle_wait:
		_control_polled = time
		_poll_control(time)


func _poll_control(time: float) -> void:
	_control.poll(time, _budget)
	if _control.link.ups != _control_ups:
		_control_ups = _control.link.ups
		_greet(time)
	elif _control_ups > 0 and time - _clock_requested > CLOCK_EVERY:
		_request_clock(time)


## Calls [param observer] as [member message_observer], beside others; not any more with [param on]
## off. [SentioRecorder] uses it.
func observe_messages(observer: Callable, on := true) -> void:
	_observers.erase(observer)
	if on and observer.is_valid():
		_observers.append(observer)
	if _reader:
		_reader.observes = not _observers.is_empty()


## Seconds since the newest state was sent; infinite before the first.
func age() -> float:
	if latest == null:
		return INF
	return (_clock.at(now()) - latest.sent) if _clock.known else now() - _received


## The newest state if it is at most a second old, else null: one check for all nodes of a frame.
func fresh_frame() -> SentioAffectFrame:
	return _fresh if _reader else super()


## Seconds from the capture of the newest sample to now; NAN if unknown.
func latency() -> float:
	if latest == null or latest.captured < 0.0 or not _clock.known:
		return NAN
	return _clock.at(now()) - latest.captured


## The sidecar's time now; NAN if unknown.
func sidecar_time() -> float:
	return _clock.at(now()) if _clock.known else NAN


## Counts of [code]superseded[/code] and [code]outdated[/code] states,
## [code]missed_events[/code], also those that came faster than frames could take them,
## [code]malformed[/code] messages and [code]reconnects[/code], and of [code]full_frames[/code],
## whose [constant SentioFrameBudget.USUAL] microseconds were spent before all was taken.
func counters() -> Dictionary:
	if not is_running():
		return {}
	var counts := _reader.counters()
	counts["full_frames"] = _budget.full_frames
	return counts


func _status() -> String:
	var counts := counters()
	if counts.is_empty():
		return link_reason
	var lost: Array = [
		link_reason, counts["superseded"], counts["missed_events"], counts["full_frames"]
	]
	return "%s; %d states replaced, %d events missed, %d frames at their budget" % lost


func _greet(time: float) -> void:
	_clock.reset()
	_reader.clock_offset = NAN
	_clock_requested = time
	var reply := _control.ask("hello", {"client": "godot", "client_version": _VERSION}, time)
	reply.settled.connect(_take_hello.bind(reply, time))


func _take_hello(reply: SentioReply, sent: float) -> void:
	if not reply.ok:
		return
	hello = reply.body
	_take_time(reply, sent)
	hello_received.emit(hello)
	if not greeted.get_connections().is_empty():
		SentioDeprecated.warn("SentioClient.greeted", "hello_received")
		greeted.emit(hello)
	consent_status()


func _request_clock(time: float) -> void:
	_clock_requested = time
	var reply := _control.ask("time", {}, time)
	reply.settled.connect(_take_time.bind(reply, time))


func _take_time(reply: SentioReply, sent: float) -> void:
	if reply.ok and reply.body.get("time") is float:
		var remote: float = reply.body["time"]
		_clock.observe(sent, remote)
		if _reader:
			_reader.clock_offset = _clock.at(0.0)


func _dispatch(time: float) -> void:
	var reader := _reader
	var state := reader.state
	if not reader.observed.is_empty():
		_waits = true
		_messages.add(reader.observed)
	if state:
		latest = state
		_fresh = state
		_received = time
		frame.emit(state)
	# A handler may have stopped this client, or started it anew.
	if reader != _reader:
		return
	if not reader.events.is_empty():
		_waits = true
		_events.add(reader.events)
	if not reader.detail_bytes.is_empty():
		_take_detail(reader)
	if reader == _reader and reader.missed_events > _missed:
		_report_missed(reader, time)
	if reader == _reader and (reader.link != link or reader.link_reason != link_reason):
		_change_link(reader.link, reader.link_reason)


func _report_missed(reader: SentioStateReader, time: float) -> void:
	var count := reader.missed_events - _missed
	_missed += count
	if time - _warned > WARN_EVERY:
		_warned = time
		var cuts: int = reader.counters()["reconnects"]
		push_warning("Sentio: events missed: %d, reconnections: %d" % [count, cuts])
	events_missed.emit(count)


func _take_detail(reader: SentioStateReader) -> void:
	_detail_waiting = reader.detail_bytes
	if not reader.detail.is_empty():
		_detail_waiting = PackedByteArray()
		latest_detail = reader.detail
	reader.decodes_details = not detail.get_connections().is_empty()
	if reader.decodes_details and not latest_detail.is_empty():
		detail.emit(reader.subject, latest_detail)


# Messages before events, as they arrived; what is left waits for the next frame. What is connected
# to a signal may stop this client, which empties the queues.
func _show_waiting() -> void:
	while not _messages.is_empty():
		var observed := _messages.take()
		# A copy: what is called may end its observing.
		for observer: Callable in _observers.duplicate():
			if observer.is_valid():
				observer.call(observed[0], observed[1])
		if _budget.is_spent():
			break
	while not _events.is_empty():
		var received := _events.take()
		var body: Dictionary = received[1]
		_notice_consent(body)
		var of: String = received[0]
		_show_event(of, body)
		if _budget.is_spent():
			break
	_waits = not (_events.is_empty() and _messages.is_empty())
	_budget.finish(_waits)


func _refresh_detail() -> void:
	if _detail_waiting.is_empty():
		return
	var bytes := _detail_waiting
	_detail_waiting = PackedByteArray()
	var map := _reader.decode_detail(bytes) if _reader else {}
	if not map.is_empty():
		latest_detail = map


func _notice_consent(body: Dictionary) -> void:
	if body["kind"] != "consent" or not body.get("data") is Dictionary:
		return
	var data: Dictionary = body["data"]
	if data.has("purposes"):
		var changed := consent.duplicate()
		changed[body.get("name", "")] = data["purposes"]
		_set_consent(changed)


func _followed() -> String:
	return _reader.subject if _reader else subject


func _change_link(state: SentioFeed.LinkState, reason: String) -> void:
	if state == link and reason == link_reason:
		return
	link = state
	link_reason = reason
	_emit_link_state()
