class_name SentioConnectionStatus
extends RefCounted
## Connection status of a client: link state and reason, derived from its link and mailbox in each
## frame.

## A connection without a state for this time is silent. The sidecar sends one at least every 0.25
## s.
const SILENT_AFTER := 1.5
# Failures that a retry cannot resolve.
const _REFUSALS: Array[String] = ["mechanism", "refused", "version", "signature", "socket_type"]

## The link state.
var state := SentioFeed.LinkState.CONNECTING
## The reason, in one line.
var reason := ""
## When the newest state was received, by the clock of [method update]; -INF before the first.
var received := -INF

var _where: String
var _token: bool
var _subject: String
var _ups := 0
var _up_since := -INF


## For a connection to [param where], with a token or without. [param subject] is the expected
## subject; empty for any.
func _init(where: String, token: bool, subject: String) -> void:
	_where = where
	_token = token
	_subject = subject
	reason = "looking for the sidecar at " + where


## Updates at [param time] from the [param connection] and the other major version that was
## received, or 0.
func update(time: float, connection: SentioLink, other_version: int) -> void:
	var up := connection.state == SentioLink.State.UP
	var active := time - received < SILENT_AFTER
	if state == SentioFeed.LinkState.LIVE and up and active and other_version == 0:
		return
	if other_version != 0:
		_change(SentioFeed.LinkState.REFUSED, SentioReasons.version(other_version))
	elif up:
		if connection.ups != _ups:
			_ups = connection.ups
			_up_since = time
		_update_open(time, active)
	elif connection.code:
		# Where a sidecar was connected before, one that completes no handshake is stopped or busy.
		var paused := connection.code == "timeout" and connection.ups > 0
		var code := "silent" if paused else connection.code
		var why := SentioReasons.link(code, connection.detail, _where, _token)
		if connection.code in _REFUSALS:
			_change(SentioFeed.LinkState.REFUSED, why)
		elif connection.ups > 0:
			_change(SentioFeed.LinkState.LOST, why)
		else:
			_change(SentioFeed.LinkState.CONNECTING, why)


func _update_open(time: float, active: bool) -> void:
	if active:
		_change(SentioFeed.LinkState.LIVE, "connected to " + _where)
	elif time - maxf(_up_since, received) > SILENT_AFTER:
		var whose := " of '%s'" % _subject if _subject else ""
		_change(
			SentioFeed.LinkState.SILENT,
			"connected to %s, but it sends no state%s" % [_where, whose]
		)


func _change(next: SentioFeed.LinkState, why: String) -> void:
	state = next
	reason = why
