class_name SentioRemoteClock
extends RefCounted
## Estimates the sidecar's clock from the replies to requests.
##
## The sidecar reads its clock after a request is sent, so the smallest offset of several replies
## is the most accurate. Receive times are not used: they are quantised to rendered frames.

## Number of replies that are compared; older ones are dropped, because clocks drift.
const KEPT := 6

## Whether the sidecar's time is known.
var known := false

var _offset := 0.0
var _offsets := PackedFloat64Array()


## Adds a reply to a request that was sent at [param sent], seconds of the caller's clock,
## with [param remote] seconds of the sidecar's clock.
func observe(sent: float, remote: float) -> void:
	_offsets.append(remote - sent)
	if _offsets.size() > KEPT:
		_offsets.remove_at(0)
	_offset = _offsets[0]
	for offset in _offsets:
		_offset = minf(_offset, offset)
	known = true


## Discards all replies: another sidecar may have another clock.
func reset() -> void:
	_offsets.clear()
	known = false


## The sidecar's time at [param now] of the caller's clock.
func at(now: float) -> float:
	return now + _offset
