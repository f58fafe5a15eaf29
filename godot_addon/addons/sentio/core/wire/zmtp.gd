class_name SentioZmtp
extends RefCounted
## The client's side of a ZMTP 3 connection: bytes in, messages and bytes out.
##
## Opens no socket and reads no clock. Every length is checked at its header, before anything is
## buffered. Golden streams: [code]tests/vectors/zmtp[/code]. Specifications: rfc.zeromq.org
## 23 (ZMTP 3.0), 24 (PLAIN) and 37 (PING and PONG).

enum Step {
	## Waiting for the greeting.
	GREETING,
	## Waiting for the answer to the token.
	WELCOME,
	## Waiting for the peer's socket type.
	READY,
	## Open for messages.
	OPEN,
	## Failed: [member error] gives the reason.
	FAILED,
}

## The largest frame, in bytes (PROTOCOL.md, section 2).
const MAX_FRAME := 65536
## Most frames of a message; the protocol has at most two.
const MAX_PARTS := 8
## Most commands in one read: bounds the queue of PONGs.
const MAX_COMMANDS := 64
## Most frames processed in one [method feed]; the rest waits for the next ones.
const MAX_FRAMES := 96
## Most bytes of a PING's context (rfc 37).
const MAX_CONTEXT := 16
## Peer socket types that each of our socket types accepts.
const PEERS := {"SUB": ["PUB", "XPUB"], "DEALER": ["ROUTER", "REP", "DEALER"]}

## State of the handshake.
var step := Step.GREETING
## Empty, or the code of the failure: [code]signature[/code],
## [code]version[/code], [code]mechanism[/code], [code]refused[/code], [code]socket_type[/code],
## [code]unexpected[/code], [code]oversized[/code] or [code]malformed[/code].
var error := ""
## Details of [member error], from the peer if it gave any.
var detail := ""
## Complete received messages, each an array of frames.
var messages: Array[Array] = []
## Bytes to write to the socket.
var output := PackedByteArray()
## Whether [method feed] left complete frames for its next call.
var has_backlog := false

var _socket: String
var _token: String
var _topics: Array[PackedByteArray]
var _in := PackedByteArray()
var _at := 0
var _parts: Array[PackedByteArray] = []
var _commands := 0


## [param socket] is [code]SUB[/code] or [code]DEALER[/code]; [param token] is empty if the
## peer requires none; [param topics] are subscribed to when the connection opens.
func _init(socket: String, token: String = "", topics: Array[PackedByteArray] = []) -> void:
	_socket = socket
	_token = token
	_topics = topics
	output = SentioZmtpText.opening()


## Takes the bytes to write to the socket.
func take_output() -> PackedByteArray:
	var taken := output
	output = PackedByteArray()
	return taken


## Takes the complete received messages.
func take_messages() -> Array[Array]:
	var taken := messages
	messages = []
	return taken


## Queues a message; requires [member step] to be OPEN.
func send(frames: Array[PackedByteArray]) -> void:
	output.append_array(SentioZmtpText.message(frames))


## Queues a PING; see [method SentioZmtpText.ping].
func ping(tenths: int = 0, context := PackedByteArray()) -> void:
	output.append_array(SentioZmtpText.ping(tenths, context))


## Processes received [param bytes]. At most one incomplete frame is buffered until the next call.
func feed(bytes: PackedByteArray) -> void:
	if step == Step.FAILED:
		return
	if _at >= _in.size() and _parts.is_empty() and step == Step.OPEN and _one_message(bytes):
		return
	if _at < _in.size():
		_in = _in.slice(_at)
		_in.append_array(bytes)
	else:
		_in = bytes
	_at = 0
	_commands = 0
	if step == Step.GREETING:
		_greeting()
	var left := MAX_FRAMES
	while step > Step.GREETING and step < Step.FAILED and left > 0 and _frame():
		left -= 1
	has_backlog = left == 0 and step == Step.OPEN


func _fail(code: String, why: String) -> bool:
	step = Step.FAILED
	error = code
	detail = why
	_in = PackedByteArray()
	output = PackedByteArray()
	_parts = []
	return false


# Fast path: nothing is buffered, and one complete frame was received.
func _one_message(bytes: PackedByteArray) -> bool:
	var size := bytes.size()
	if size < 2 or bytes[0] & ~SentioZmtpText.LONG != 0:
		return false
	var head := 2
	var length := bytes[1]
	if bytes[0] == SentioZmtpText.LONG:
		head = 9
		if size < 9 or bytes[1] | bytes[2] | bytes[3] | bytes[4] | bytes[5] | bytes[6] != 0:
			return false
		length = bytes[7] << 8 | bytes[8]
	if size != head + length:
		return false
	var message: Array[PackedByteArray] = [bytes.slice(head)]
	messages.append(message)
	return true


func _greeting() -> void:
	var size := _in.size()
	var strange := size > 0 and _in[0] != 0xff
	if strange or (size > 9 and _in[9] != 0x7f):
		_fail("signature", "the peer does not use ZMTP 3")
	elif size > 10 and _in[10] < 3:
		_fail("version", "the peer uses ZMTP %d" % _in[10])
	elif size >= SentioZmtpText.OPENING + SentioZmtpText.MECHANISM:
		_mechanism(_in.slice(SentioZmtpText.OPENING).get_string_from_ascii())


func _mechanism(mechanism: String) -> void:
	var own := "PLAIN" if _token else "NULL"
	if mechanism != own:
		_fail("mechanism", mechanism)
	elif _in.size() >= SentioZmtpText.GREETING:
		_at = SentioZmtpText.GREETING
		step = Step.WELCOME if _token else Step.READY
		output.append_array(SentioZmtpText.greeting_rest(own))
		if _token:
			output.append_array(SentioZmtpText.hello(_token))
		else:
			output.append_array(SentioZmtpText.metadata("READY", _socket))


func _frame() -> bool:
	var waiting := _in.size() - _at
	if waiting < 1:
		return false
	var flags := _in[_at]
	if flags & 0xf8 or flags & 5 == 5:
		return _fail("malformed", "a frame with the flags 0x%02x" % flags)
	var head := 9 if flags & SentioZmtpText.LONG else 2
	if waiting < head:
		return false
	var length := _in[_at + 1]
	if head == 9:
		length = _long_length()
	if length < 0 or length > MAX_FRAME:
		return _fail("oversized", "a frame above %d bytes" % MAX_FRAME)
	if waiting < head + length:
		return false
	var start := _at + head
	_at = start + length
	if flags & SentioZmtpText.COMMAND:
		return _command(start)
	if step != Step.OPEN:
		return _fail("unexpected", "a message before the handshake was done")
	return _part(_in.slice(start, _at), flags & SentioZmtpText.MORE == 1)


func _long_length() -> int:
	for index in range(1, 5):
		if _in[_at + index] != 0:
			return -1
	var low := _at + 5
	return _in[low] << 24 | _in[low + 1] << 16 | _in[low + 2] << 8 | _in[low + 3]


func _part(body: PackedByteArray, more: bool) -> bool:
	_parts.append(body)
	if _parts.size() > MAX_PARTS:
		return _fail("oversized", "a message of more than %d frames" % MAX_PARTS)
	if not more:
		messages.append(_parts)
		_parts = []
	return true


func _command(start: int) -> bool:
	_commands += 1
	if _commands > MAX_COMMANDS:
		return _fail("oversized", "more than %d commands at once" % MAX_COMMANDS)
	var width := _in[start] if _at > start else 0
	# libzmq 4.3.5 writes '^RROR' for ERROR: its length byte and the E have become one character.
	if _in.slice(start, _at).slice(0, 5) == "^RROR".to_ascii_buffer():
		return _refused(_in.slice(start + 5, _at))
	if width == 0 or start + 1 + width > _at:
		return _fail("malformed", "a command without a name")
	var name := _in.slice(start + 1, start + 1 + width).get_string_from_ascii()
	var body := _in.slice(start + 1 + width, _at)
	if name == "ERROR":
		return _refused(body)
	if step == Step.OPEN:
		return _heartbeat(name, body)
	if step == Step.WELCOME and name == "WELCOME":
		step = Step.READY
		output.append_array(SentioZmtpText.metadata("INITIATE", _socket))
		return true
	if step == Step.READY and name == "READY":
		return _ready(body)
	return _fail("unexpected", "the command %s in the handshake" % name.left(16))


func _refused(body: PackedByteArray) -> bool:
	return _fail("refused", body.slice(1).get_string_from_ascii().left(80))


func _heartbeat(name: String, body: PackedByteArray) -> bool:
	if name == "PING":
		if body.size() < 2 or body.size() > 2 + MAX_CONTEXT:
			return _fail("malformed", "a PING of %d bytes" % body.size())
		output.append_array(SentioZmtpText.command("PONG", body.slice(2)))
	return true


func _ready(body: PackedByteArray) -> bool:
	var peer := ""
	var at := 0
	while at < body.size():
		var value := at + 1 + body[at] + 4
		if value > body.size():
			return _fail("malformed", "a truncated property")
		var name := body.slice(at + 1, value - 4).get_string_from_ascii()
		var length := 0
		for index in range(value - 4, value):
			length = length << 8 | body[index]
		at = value + length
		if at > body.size():
			return _fail("malformed", "a truncated property")
		if name.to_lower() == "socket-type":
			peer = body.slice(value, at).get_string_from_ascii()
	var accepted: Array = PEERS[_socket]
	if not peer in accepted:
		return _fail("socket_type", "a socket of type '%s'" % peer.left(16))
	step = Step.OPEN
	for topic in _topics:
		send([PackedByteArray([1]) + topic])
	return true
