class_name SentioLink
extends RefCounted
## One connection to the sidecar that keeps itself up: connects, greets, answers heartbeats,
## notices silence, and tries again with growing waits.
##
## Never blocks: call [method poll] once a rendered frame with the caller's clock.

## How the connection stands.
enum State {
	## Not in use.
	CLOSED,
	## The peer is called.
	CONNECTING,
	## The handshake goes on.
	GREETING,
	## Messages flow.
	UP,
	## It failed; the next try is due later.
	WAITING,
}

## Most bytes read in one poll: some hundred times what a frame at 60 Hz brings, so that what
## piled up during a pause is worked off within few frames and never in one long one.
const READ_BUDGET := 65536
## Bytes asked for at once: some twelve states.
const READ_PIECE := 4096
## Most bytes waiting to be written; a peer that does not read is lost.
const WRITE_LIMIT := 262144

## What a poll brings when nothing came: one array for all, never written to.
const NOTHING: Array[Array] = []

## How the connection stands now.
var state := State.CLOSED
## Empty, or why the last try failed: a code of [SentioZmtp], or [code]unreachable[/code],
## [code]timeout[/code], [code]silent[/code], [code]lost[/code] or [code]slow[/code].
var code := ""
## What [member code] is about, where the peer said.
var detail := ""
## How often the connection came up.
var ups := 0

var _host: String
var _port: int
var _socket: String
var _token: String
var _topics: Array[PackedByteArray]
var _limits: SentioLinkLimits
var _backoff: SentioBackoff
var _tcp: StreamPeerTCP
var _zmtp: SentioZmtp
var _out := PackedByteArray()
var _began := 0.0
var _heard := 0.0
var _pinged := 0.0
var _again := 0.0


## A link to [param host] and [param port] for a socket of type [param socket], see [SentioZmtp].
func _init(
	host: String,
	port: int,
	socket: String,
	token: String,
	topics: Array[PackedByteArray],
	limits: SentioLinkLimits
) -> void:
	_host = host
	_port = port
	_socket = socket
	_token = token
	_topics = topics
	_limits = limits
	var random := RandomNumberGenerator.new()
	random.randomize()
	_backoff = SentioBackoff.new(limits.first_wait, limits.longest_wait, random)


## Does what is due at [param now], in seconds of the caller's clock. Returns the messages that
## were heard, each an array of frames.
func poll(now: float) -> Array[Array]:
	var heard := NOTHING
	if state == State.CLOSED or (state == State.WAITING and now >= _again):
		_connect(now)
	if state == State.CONNECTING:
		_await_connection(now)
	if state == State.GREETING or state == State.UP:
		_read(now)
		if not _zmtp.messages.is_empty():
			heard = _zmtp.take_messages()
		if state != State.UP or now - _heard >= _limits.ping_after:
			_keep_alive(now)
		if not _zmtp.output.is_empty() or not _out.is_empty():
			_write(now)
	return heard


## Sends a message of [param frames]; false where the connection is not up.
func send(frames: Array[PackedByteArray], now: float) -> bool:
	if state != State.UP:
		return false
	_zmtp.send(frames)
	_write(now)
	return state == State.UP


## Hangs up; the next [method poll] connects anew.
func close() -> void:
	if _tcp:
		_tcp.disconnect_from_host()
	_tcp = null
	_out = PackedByteArray()
	state = State.CLOSED


func _connect(now: float) -> void:
	_tcp = StreamPeerTCP.new()
	_zmtp = SentioZmtp.new(_socket, _token, _topics)
	_out = PackedByteArray()
	_began = now
	state = State.CONNECTING
	if _tcp.connect_to_host(_host, _port) != OK:
		_fail("unreachable", "", now)


func _await_connection(now: float) -> void:
	_tcp.poll()
	match _tcp.get_status():
		StreamPeerTCP.STATUS_CONNECTED:
			_tcp.set_no_delay(true)
			state = State.GREETING
			_heard = now
			_pinged = now
		StreamPeerTCP.STATUS_CONNECTING:
			if now - _began > _limits.handshake_timeout:
				_fail("unreachable", "", now)
		_:
			_fail("unreachable", "", now)


# One call to the system where nothing came, as it is in most frames: a read also tells whether the
# peer has gone.
func _read(now: float) -> void:
	var left := READ_BUDGET
	while left > 0 and (state == State.UP or state == State.GREETING):
		var got := _tcp.get_partial_data(READ_PIECE)
		var bytes: PackedByteArray = got[1]
		var count := bytes.size()
		if count > 0:
			left -= count
			_heard = now
			_zmtp.feed(bytes)
			if _zmtp.step != SentioZmtp.Step.OPEN or state != State.UP:
				_greeted(now)
		elif got[0] != OK:
			_fail("lost" if state == State.UP else "hung_up", "", now)
		if count < READ_PIECE:
			return


func _greeted(now: float) -> void:
	if _zmtp.step == SentioZmtp.Step.FAILED:
		_fail(_zmtp.error, _zmtp.detail, now)
	elif state == State.GREETING and _zmtp.step == SentioZmtp.Step.OPEN:
		state = State.UP
		code = ""
		detail = ""
		ups += 1
		_backoff.reset()


func _keep_alive(now: float) -> void:
	if state == State.GREETING and now - _began > _limits.handshake_timeout:
		_fail("timeout", "", now)
	elif state == State.UP and now - _heard > _limits.silence_limit:
		# A game that stood still itself heard nothing either: ask before giving up.
		if _pinged <= _heard or now - _pinged < _limits.ping_after:
			_ping(now)
		else:
			_fail("silent", "", now)
	elif state == State.UP and now - maxf(_heard, _pinged) > _limits.ping_after:
		_ping(now)


func _ping(now: float) -> void:
	if _pinged <= _heard or now - _pinged > _limits.ping_after:
		_zmtp.ping()
		_pinged = now


func _write(now: float) -> void:
	if state != State.GREETING and state != State.UP:
		return
	_out.append_array(_zmtp.take_output())
	var sent := _tcp.put_partial_data(_out)
	if sent[0] != OK:
		_fail("lost", "", now)
		return
	var count: int = sent[1]
	_out = _out.slice(count)
	if _out.size() > WRITE_LIMIT:
		_fail("slow", "", now)


func _fail(why: String, about: String, now: float) -> void:
	if _tcp:
		_tcp.disconnect_from_host()
	_tcp = null
	code = why
	detail = about
	state = State.WAITING
	_again = now + _backoff.next()
