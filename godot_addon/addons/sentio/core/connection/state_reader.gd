class_name SentioStateReader
extends RefCounted
## Receives states and events beside the game, and keeps the newest for its next frame.
##
## Reads on a thread of its own where the platform has threads: on the main thread reading and
## decoding cost a frame more than all that uses the result (docs/benchmarks.md). Elsewhere
## [method collect] reads.

## Microseconds between two reads while states arrive.
const LIVE_EVERY := 4000
## Microseconds between two reads otherwise.
const IDLE_EVERY := 10000
## Most events that wait for a frame; the oldest are dropped and counted as missed.
const MOST_EVENTS := 2048
## Most of them that one [method collect] takes.
const MOST_TAKEN := 64
## Most messages that wait for [member observed]: those of some twenty seconds.
const MOST_OBSERVED := 4096

## The newest state of the last [method collect], or null.
var state: SentioAffectFrame
## The events of the last [method collect], in order: [code][subject, map][/code].
var events: Array[Array] = []
## The newest detail of the last [method collect], not decoded; empty if there was none.
var detail_bytes := PackedByteArray()
## The newest detail of the last [method collect]; only if [member decodes_details].
var detail := {}
## The messages of the last [method collect], each with its time; only if [member observes].
var observed: Array[Array] = []
## The link state.
var link := SentioFeed.LinkState.CONNECTING
## The reason for the link state, in one line.
var link_reason := ""
## Events that were sent but did not reach [member events], by the last [method collect].
var missed_events := 0
## The subject that is followed; empty until the first state arrives.
var subject := ""
## Whether every message is kept for [member observed].
var observes := false
## Whether details are decoded here: for games that read each of them.
var decodes_details := false
## Whether [method collect] takes events. If not they wait here, and the thread drops those of a
## flood: to free one costs the game some microseconds too.
var takes_events := true
## Seconds of the sidecar's clock ahead of this one; NAN if unknown.
var clock_offset := NAN

var _connection: SentioLink
var _mailbox: SentioStateMailbox
var _status: SentioConnectionStatus
var _thread: Thread
var _stopped := false
var _detail_wire := SentioWire.new()
# What the next collect takes, under the lock.
var _lock := Mutex.new()
var _has_more := false
var _next_state: SentioAffectFrame
var _next_events: Array[Array] = []
var _next_detail := PackedByteArray()
var _next_map := {}
var _next_observed: Array[Array] = []
var _next_link := SentioFeed.LinkState.CONNECTING
var _next_reason := ""
var _next_subject := ""


## Reads from [param connection]; follows [param followed], or the first subject received if that is
## empty.
func _init(connection: SentioConnection, followed: String) -> void:
	_mailbox = SentioStateMailbox.new(followed, connection.oldest_state)
	_connection = connection.link_to(connection.state_port, "SUB", _mailbox.topics())
	_status = SentioConnectionStatus.new(
		connection.address(), not connection.token.is_empty(), followed
	)
	subject = followed
	link_reason = _status.reason
	_next_reason = link_reason


## Starts to read: on a thread, or with [param threaded] false at each [method collect]. The thread
## keeps this object alive until [method stop].
func start(threaded := OS.has_feature("threads")) -> void:
	if threaded:
		_thread = Thread.new()
		_thread.start(_run.bind(self))


## Ends the thread, which takes up to [constant IDLE_EVERY], and closes the connection.
func stop() -> void:
	_stopped = true
	if _thread:
		_thread.wait_to_finish()
		_thread = null
	_connection.close()


## Takes what was received since the last call; returns false if there is nothing new. Without a
## thread it reads until [param budget] is spent.
func collect(now: float, budget: SentioFrameBudget = null) -> bool:
	if _thread == null:
		step(now, budget)
	# Without the lock: what is missed now is taken in the next frame.
	if not _has_more:
		return false
	_lock.lock()
	state = _next_state
	# The thread appends to its own arrays, not to those of the game.
	if not events.is_empty():
		events = []
	if takes_events and not _next_events.is_empty():
		events = _next_events.slice(0, MOST_TAKEN)
		_next_events = _next_events.slice(MOST_TAKEN)
	_has_more = not _next_events.is_empty()
	if not (observed.is_empty() and _next_observed.is_empty()):
		observed = _next_observed
		_next_observed = []
	detail_bytes = _next_detail
	detail = _next_map
	link = _next_link
	link_reason = _next_reason
	subject = _next_subject
	missed_events = _mailbox.missed_events
	_next_state = null
	if not detail_bytes.is_empty():
		_next_detail = PackedByteArray()
		_next_map = {}
	_lock.unlock()
	return true


## Reads and decodes what is due at [param now], until [param budget] is spent.
func step(now: float, budget: SentioFrameBudget = null) -> void:
	var messages := _connection.poll(now, budget)
	_mailbox.take(messages, now + clock_offset, budget)
	if _mailbox.state:
		_status.received = now
	_status.update(now, _connection, _mailbox.other_version)
	var is_changed := _status.state != _next_link or _status.reason != _next_reason
	if is_changed or not messages.is_empty() or not _mailbox.events.is_empty():
		var map := {}
		if decodes_details and not _mailbox.detail_bytes.is_empty():
			map = _mailbox.decode_detail(_mailbox.detail_bytes)
		_lock.lock()
		_keep(messages, map, now)
		_lock.unlock()


## The map in [param message], a detail; empty if it is malformed or of another subject. For the
## thread of the game.
func decode_detail(message: PackedByteArray) -> Dictionary:
	if not _detail_wire.read(message):
		_mailbox.malformed += 1
		return {}
	return _detail_wire.body if _detail_wire.topic == "detail/" + subject else {}


## Counts, see [method SentioClient.counters].
func counters() -> Dictionary:
	return {
		"superseded": _mailbox.superseded,
		"outdated": _mailbox.outdated,
		"missed_events": _mailbox.missed_events,
		"malformed": _mailbox.malformed,
		"reconnects": maxi(_connection.ups - 1, 0),
	}


func _run(_itself: SentioStateReader) -> void:
	while not _stopped:
		step(SentioClient.now())
		var live := _status.state == SentioFeed.LinkState.LIVE
		OS.delay_usec(LIVE_EVERY if live else IDLE_EVERY)


func _keep(messages: Array[Array], map: Dictionary, now: float) -> void:
	if _mailbox.state:
		if _next_state:
			_mailbox.superseded += 1
		_next_state = _mailbox.state
	if not _mailbox.detail_bytes.is_empty():
		_next_detail = _mailbox.detail_bytes
		_next_map = map
	if not _mailbox.events.is_empty():
		_next_events.append_array(_mailbox.events)
		if _next_events.size() > MOST_EVENTS:
			_mailbox.missed_events += _next_events.size() - MOST_EVENTS
			_next_events = _next_events.slice(_next_events.size() - MOST_EVENTS)
	if observes:
		for message in messages:
			_next_observed.append([message[0], now])
		if _next_observed.size() > MOST_OBSERVED:
			_next_observed = _next_observed.slice(_next_observed.size() - MOST_OBSERVED)
	_next_link = _status.state
	_next_reason = _status.reason
	_next_subject = _mailbox.subject
	_has_more = true
