class_name SentioRemoteClock
extends RefCounted
## What the sidecar's clock says now, learned from requests that were answered.
##
## The sidecar read its clock a moment after it was asked, and never before: of several answers the
## smallest difference is the nearest. When the answer was heard tells less, for that waits for the
## next rendered frame.

## How many answers are compared: old ones must go, for clocks drift apart.
const KEPT := 6

## Whether the sidecar's time is known.
var known := false

var _offset := 0.0
var _offsets := PackedFloat64Array()


## Notes the answer to a request of [param asked], in seconds of the caller's clock: it was
## [param their_time] seconds on the sidecar's.
func observe(asked: float, their_time: float) -> void:
	_offsets.append(their_time - asked)
	if _offsets.size() > KEPT:
		_offsets.remove_at(0)
	_offset = _offsets[0]
	for offset in _offsets:
		_offset = minf(_offset, offset)
	known = true


## Forgets everything: another sidecar may live on another machine's clock.
func reset() -> void:
	_offsets.clear()
	known = false


## The sidecar's time at [param now] of the caller's clock.
func at(now: float) -> float:
	return now + _offset
