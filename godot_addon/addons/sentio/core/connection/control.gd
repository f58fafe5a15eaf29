class_name SentioControl
extends RefCounted
## Sends requests and matches their replies (PROTOCOL.md, section 6).

## Most pending requests: half a second of the 200 a second that the sidecar accepts.
const MAX_PENDING := 100

## The link that carries the requests.
var link: SentioLink
## Replies without a pending request, or that do not follow the protocol.
var strays := 0
## Replies that wait for a frame with time left.
var received := SentioPacedQueue.new(MAX_PENDING)
## Pending requests: their replies, by id.
var waiting: Dictionary[int, SentioReply] = {}

var _token: String
var _timeout: float
var _writer := SentioMsgpackWriter.new()
var _wire := SentioWire.new()
var _next := 1
var _ends: Dictionary[int, float] = {}
var _unsent: Dictionary[int, PackedByteArray] = {}


## Sends over [param link_up], a DEALER link; requests without a reply fail after [param timeout]
## seconds. [param token] is empty if the sidecar requires none.
func _init(link_up: SentioLink, token: String, timeout: float) -> void:
	link = link_up
	_token = token
	_timeout = timeout


## Requests [param op] with [param arguments]. A request made before the link is up is sent
## when it is, unless it times out first.
func ask(op: String, arguments: Dictionary, now: float) -> SentioReply:
	var reply := SentioReply.new()
	reply.op = op
	if waiting.size() >= MAX_PENDING:
		reply.fail(
			SentioError.new("busy", "%d requests are pending" % MAX_PENDING, "send fewer requests")
		)
		return reply
	var map := {"v": SentioWire.VERSION, "id": _next, "op": op}
	if _token:
		map["token"] = _token
	map.merge(arguments)
	var bytes := _writer.write_map(map)
	if not _writer.error.is_empty():
		reply.fail(SentioError.new("bad_argument", "%s: %s" % [op, _writer.error]))
		return reply
	waiting[_next] = reply
	_ends[_next] = now + _timeout
	if not link.send([bytes], now):
		_unsent[_next] = bytes
	_next += 1
	return reply


## Sends queued requests, processes replies until [param budget] is spent, and fails requests that
## timed out.
func poll(now: float, budget: SentioFrameBudget = null) -> void:
	received.add(link.poll(now, budget))
	while not received.is_empty():
		var message := received.take()
		var last: PackedByteArray = message[-1]
		_receive(last)
		if budget and budget.is_spent():
			break
	if link.state == SentioLink.State.UP and not _unsent.is_empty():
		for id: int in _unsent.keys():
			if link.send([_unsent[id]], now):
				_unsent.erase(id)
	for id: int in _ends.keys():
		if now > _ends[id]:
			var about := "no answer to '%s' within %s s" % [waiting[id].op, _timeout]
			_settle(id, {}, SentioError.new("timeout", about, "is the sidecar running? sentio run"))


## Closes the link and fails all pending requests.
func close() -> void:
	link.close()
	for id: int in waiting.keys():
		_settle(id, {}, SentioError.new("closed", "the connection was closed"))


func _receive(bytes: PackedByteArray) -> void:
	# Not decoded: a flood of them must not cost more than reading it.
	if waiting.is_empty():
		strays += 1
		return
	if not _wire.read_body(bytes):
		strays += 1
		if _wire.code == "version":
			_refuse_all(_wire.body)
		return
	var id: Variant = _wire.body.get("id")
	if id is int and waiting.has(id):
		var known: int = id
		_settle(known, _wire.body, null)
	else:
		strays += 1


func _refuse_all(body: Dictionary) -> void:
	var error := SentioError.new("version", SentioReasons.version(body.get("v")))
	for id: int in waiting.keys():
		_settle(id, {}, error)


func _settle(id: int, map: Dictionary, error: SentioError) -> void:
	var reply := waiting[id]
	waiting.erase(id)
	_ends.erase(id)
	_unsent.erase(id)
	if error:
		reply.fail(error)
	else:
		reply.answer(map)
