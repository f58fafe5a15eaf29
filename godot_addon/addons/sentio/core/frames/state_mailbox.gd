class_name SentioStateMailbox
extends RefCounted
## Sorts published messages: keeps the newest state and detail, and every event.
##
## Messages that queued up while the game was stalled cost one decoding, not hundreds.

# First bytes of the topics.
const _AFFECT := 0x61
const _DETAIL := 0x64
const _EVENT := 0x65
# Most states that are decoded in one take.
const _MOST_READ := 8
# Bytes of events that are decoded in one take of the game's thread, or one event.
const _EVENT_BUDGET := 4096
# Most events that wait for the game's thread to decode them; the oldest are dropped.
const _MOST_WAITING := 256
# Most older states of one take in which ages and confidences are looked for.
const _MOST_LOOKED_AT := 8

## The newest state of the last [method take], or null.
var state: SentioAffectFrame
## The bytes of the newest detail, empty if there was none; decoded on demand.
var detail_bytes := PackedByteArray()
## The events of the last [method take], in order: [code][subject, map][/code]. A flood of them
## is spread over several takes.
var events: Array[Array] = []
## The subject that is followed; empty until the first state arrives.
var subject := ""
## The other major version that was received last, or 0.
var other_version := 0
## States that a newer one replaced before they were taken.
var superseded := 0
## States that were too old.
var outdated := 0
## Events that are missing, by the gaps in their numbers.
var missed_events := 0
## Messages that do not follow the protocol.
var malformed := 0

var _before: SentioAffectFrame
var _reader := SentioAffectReader.new()
var _wire := SentioWire.new()
var _oldest: float
var _epoch := -1
var _seq := -1
var _event_epoch := -1
var _event_id := -1
var _waiting: Array[PackedByteArray] = []


## Follows [param followed], or the first one received if that is empty. Drops
## states older than [param oldest] seconds.
func _init(followed: String, oldest: float) -> void:
	subject = followed
	_oldest = oldest


## Topics to subscribe to. All events are included, because they are numbered across all subjects.
func topics() -> Array[PackedByteArray]:
	var one := subject.to_utf8_buffer() + PackedByteArray([0]) if subject else PackedByteArray()
	var all: Array[PackedByteArray] = ["event/".to_utf8_buffer()]
	for kind: String in ["affect/", "detail/"]:
		all.append(kind.to_utf8_buffer() + one)
	return all


## Sorts [param messages]; [param remote_now] is the sidecar's time, NAN if unknown. With a
## [param budget] events wait when it is spent; without one all are decoded.
func take(messages: Array[Array], remote_now: float, budget: SentioFrameBudget = null) -> void:
	state = null
	if not detail_bytes.is_empty():
		detail_bytes = PackedByteArray()
	if not events.is_empty():
		events = []
	if messages.is_empty() and _waiting.is_empty():
		return
	var with_events := false
	var looked_at := 0
	var reads := 0
	for index in range(messages.size() - 1, -1, -1):
		var message: PackedByteArray = messages[index][0]
		var kind := message[0] if not message.is_empty() else 0
		if kind == _AFFECT:
			if state:
				superseded += 1
				# Ages and confidences come with every third frame or so: not to be passed over.
				if state.has_words() and not state.has_evidence() and looked_at < _MOST_LOOKED_AT:
					looked_at += 1
					state.keep_evidence(_reader.read(message))
			elif reads < _MOST_READ:
				reads += 1
				_state(message, remote_now)
			else:
				superseded += 1
		elif kind == _EVENT:
			with_events = true
		elif kind != _DETAIL:
			malformed += 1
		elif detail_bytes.is_empty():
			detail_bytes = message
	if state:
		state.keep_evidence(_before)
		_before = state
	if with_events:
		_queue_events(messages)
	# The gap in the numbers of the events counts those that are dropped.
	if budget and _waiting.size() > _MOST_WAITING:
		_waiting = _waiting.slice(_waiting.size() - _MOST_WAITING)
	if not _waiting.is_empty():
		_decode_events(budget)


## The map in [param message], a detail; empty if it is malformed or of another subject.
func decode_detail(message: PackedByteArray) -> Dictionary:
	if not _wire.read(message):
		_refused(_wire.code, _wire.body)
		return {}
	if subject and _wire.topic != "detail/" + subject:
		return {}
	return _wire.body


func _state(message: PackedByteArray, remote_now: float) -> void:
	var frame := _reader.read(message)
	if frame == null:
		_refused(_reader.code, _reader.body())
		return
	if subject.is_empty():
		subject = frame.subject
	if frame.subject != subject or (frame.epoch == _epoch and frame.seq <= _seq):
		return
	if remote_now - frame.sent > _oldest:
		outdated += 1
		return
	other_version = 0
	_epoch = frame.epoch
	_seq = frame.seq
	state = frame


func _queue_events(messages: Array[Array]) -> void:
	for parts in messages:
		var message: PackedByteArray = parts[0]
		if not message.is_empty() and message[0] == _EVENT:
			_waiting.append(message)


func _decode_events(budget: SentioFrameBudget) -> void:
	var left := _EVENT_BUDGET
	var done := 0
	while done < _waiting.size():
		left -= _waiting[done].size()
		_event(_waiting[done])
		done += 1
		if budget and (left <= 0 or budget.is_spent()):
			break
	_waiting = _waiting.slice(done)


func _event(message: PackedByteArray) -> void:
	if not _wire.read(message):
		_refused(_wire.code, _wire.body)
		return
	var body := _wire.body
	var about := _wire.topic.trim_prefix("event/")
	if not (body.get("id") is int and body.get("epoch") is int and body.get("kind") is String):
		malformed += 1
		return
	var id: int = body["id"]
	if body["epoch"] == _event_epoch and id > _event_id + 1:
		missed_events += id - _event_id - 1
	_event_epoch = body["epoch"]
	_event_id = id
	if subject.is_empty() or about == subject:
		events.append([about, body])


func _refused(code: String, body: Dictionary) -> void:
	if code == "version":
		other_version = body.get("v", 0)
	else:
		malformed += 1
