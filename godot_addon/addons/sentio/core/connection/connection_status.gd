class_name SentioConnectionStatus
extends RefCounted
## How a client stands with its sidecar: judged in each frame by what its link and its inbox know,
## and said in a line that a person understands.

## A connection that brings no state for so long is told as silent. The sidecar sends every 0.25 s.
const SILENT_AFTER := 1.5
# What trying again does not mend.
const _REFUSALS: Array[String] = ["mechanism", "refused", "version", "signature", "socket_type"]

## How it stands.
var state := SentioFeed.LinkState.CONNECTING
## Why, in one line.
var reason := ""
## When the newest state was heard, by the clock of [method update]; -INF before the first.
var heard := -INF

var _where: String
var _token: bool
var _subject: String
var _ups := 0
var _up_since := -INF


## Judges a connection to [param where], with a token or without. [param subject] is whose states
## are expected, empty for anybody's.
func _init(where: String, token: bool, subject: String) -> void:
	_where = where
	_token = token
	_subject = subject
	reason = "looking for the sidecar at " + where


## Judges at [param time] by the [param connection] and the other major version that was met, or 0.
func update(time: float, connection: SentioLink, other_version: int) -> void:
	var up := connection.state == SentioLink.State.UP
	var speaks := time - heard < SILENT_AFTER
	if state == SentioFeed.LinkState.LIVE and up and speaks and other_version == 0:
		return
	if other_version != 0:
		_change(SentioFeed.LinkState.REFUSED, SentioReasons.version(other_version))
	elif up:
		if connection.ups != _ups:
			_ups = connection.ups
			_up_since = time
		_update_open(time, speaks)
	elif connection.code:
		var why := SentioReasons.link(connection.code, connection.detail, _where, _token)
		if connection.code in _REFUSALS:
			_change(SentioFeed.LinkState.REFUSED, why)
		elif connection.ups > 0:
			_change(SentioFeed.LinkState.LOST, why)
		else:
			_change(SentioFeed.LinkState.CONNECTING, why)


func _update_open(time: float, speaks: bool) -> void:
	if speaks:
		_change(SentioFeed.LinkState.LIVE, "connected to " + _where)
	elif time - maxf(_up_since, heard) > SILENT_AFTER:
		var whose := " of '%s'" % _subject if _subject else ""
		_change(
			SentioFeed.LinkState.SILENT,
			"connected to %s, but it sends no state%s" % [_where, whose]
		)


func _change(next: SentioFeed.LinkState, why: String) -> void:
	state = next
	reason = why
