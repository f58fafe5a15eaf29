class_name SentioLink
extends RefCounted
## One connection to the sidecar: connects, performs the handshake, answers heartbeats,
## detects timeouts, and reconnects with growing delays.
##
## Does not block: call [method poll] once in a rendered frame with the caller's clock.

## State of the connection.
enum State {
	## Not in use.
	CLOSED,
	## Connecting the socket.
	CONNECTING,
	## Handshake in progress.
	GREETING,
	## Open for messages.
	UP,
	## Failed; the next attempt is scheduled.
	WAITING,
}

## Most bytes read in one poll: some hundred times the traffic of a frame at 60 Hz, so that a
## backlog is processed over a few frames, not in one long one.
const READ_BUDGET := 65536
## Bytes per read: some twelve states.
const READ_PIECE := 4096
## Most bytes queued for writing; a peer that does not read is dropped.
const WRITE_LIMIT := 262144

## Result of a poll without messages: one shared array that is never changed.
const NOTHING: Array[Array] = []

## Current state of the connection.
var state := State.CLOSED
## Empty, or why the last attempt failed: a code of [SentioZmtp], or [code]unreachable[/code],
## [code]timeout[/code], [code]silent[/code], [code]lost[/code] or [code]slow[/code].
var code := ""
## Details of [member code], if the peer gave any.
var detail := ""
## Number of successful connections.
var ups := 0

var _host: String
var _port: int
var _socket: String
var _token: String
var _launched: SentioLaunchToken
var _topics: Array[PackedByteArray]
var _limits: SentioLinkLimits
var _backoff: SentioBackoff
var _tcp: StreamPeerTCP
var _zmtp: SentioZmtp
var _out := PackedByteArray()
var _began := 0.0
var _received := 0.0
var _pinged := 0.0
var _again := 0.0


## A link to [param host] and [param port] for a socket of type [param socket], see [SentioZmtp].
## Without a [param token] the one of a sidecar that this game has started, [param launched], or of
## the user's token file is used.
func _init(
	host: String,
	port: int,
	socket: String,
	token: String,
	topics: Array[PackedByteArray],
	limits: SentioLinkLimits,
	launched: SentioLaunchToken = null
) -> void:
	_host = host
	_port = port
	_socket = socket
	_token = token
	_topics = topics
	_limits = limits
	_launched = launched
	var random := RandomNumberGenerator.new()
	random.randomize()
	_backoff = SentioBackoff.new(limits.first_wait, limits.longest_wait, random)


## Processes what is due at [param now], seconds of the caller's clock, and stops reading when
## [param budget] is spent. Returns the received messages, each an array of frames.
func poll(now: float, budget: SentioFrameBudget = null) -> Array[Array]:
	var received := NOTHING
	if state == State.CLOSED or (state == State.WAITING and now >= _again):
		_connect(now)
	if state == State.CONNECTING:
		_await_connection(now)
	if state == State.GREETING or state == State.UP:
		_read(now, budget)
		if not _zmtp.messages.is_empty():
			received = _zmtp.take_messages()
		if state != State.UP or now - _received >= _limits.ping_after:
			_keep_alive(now)
		if not _zmtp.output.is_empty() or not _out.is_empty():
			_write(now)
	return received


## Sends a message of [param frames]; false if the connection is not up.
func send(frames: Array[PackedByteArray], now: float) -> bool:
	if state != State.UP:
		return false
	_zmtp.send(frames)
	_write(now)
	return state == State.UP


## Closes the connection; the next [method poll] reconnects.
func close() -> void:
	if _tcp:
		_tcp.disconnect_from_host()
	_tcp = null
	_out = PackedByteArray()
	state = State.CLOSED


func _connect(now: float) -> void:
	_tcp = StreamPeerTCP.new()
	_zmtp = SentioZmtp.new(_socket, _find_token(), _topics)
	_out = PackedByteArray()
	_began = now
	state = State.CONNECTING
	if _tcp.connect_to_host(_host, _port) != OK:
		_fail("unreachable", "", now)


# A sidecar has a new token at every start: searched for before every attempt.
func _find_token() -> String:
	if _token:
		return _token
	if _launched and _launched.value:
		return _launched.value
	return SentioTokenFile.find(_host, _port)


func _await_connection(now: float) -> void:
	_tcp.poll()
	match _tcp.get_status():
		StreamPeerTCP.STATUS_CONNECTED:
			_tcp.set_no_delay(true)
			state = State.GREETING
			_received = now
			_pinged = now
		StreamPeerTCP.STATUS_CONNECTING:
			if now - _began > _limits.handshake_timeout:
				_fail("unreachable", "", now)
		_:
			_fail("unreachable", "", now)


# One system call if there is nothing to read, as in most frames: a read also detects a closed
# peer.
func _read(now: float, budget: SentioFrameBudget) -> void:
	if _zmtp.has_backlog:
		# More than a frame's budget has arrived; the network holds the rest back.
		_zmtp.feed(PackedByteArray())
		_received = now
		_greeted(now)
		return
	var left := READ_BUDGET
	while left > 0 and not _zmtp.has_backlog and (state == State.UP or state == State.GREETING):
		var got := _tcp.get_partial_data(READ_PIECE)
		var bytes: PackedByteArray = got[1]
		var count := bytes.size()
		if count > 0:
			left -= count
			_received = now
			_zmtp.feed(bytes)
			if _zmtp.step != SentioZmtp.Step.OPEN or state != State.UP:
				_greeted(now)
		elif got[0] != OK:
			_fail("lost" if state == State.UP else "hung_up", "", now)
		if count < READ_PIECE or (budget and budget.is_spent()):
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
	elif state == State.UP and now - _received > _limits.silence_limit:
		# A stalled game received nothing either: ping before failing.
		if _pinged <= _received or now - _pinged < _limits.ping_after:
			_ping(now)
		else:
			_fail("silent", "", now)
	elif state == State.UP and now - maxf(_received, _pinged) > _limits.ping_after:
		_ping(now)


func _ping(now: float) -> void:
	if _pinged <= _received or now - _pinged > _limits.ping_after:
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
