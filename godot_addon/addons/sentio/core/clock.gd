class_name SentioClock
extends RefCounted
## What the sidecar's clock says now, learned from requests that were answered.
##
## An answer tells the time somewhere between asking and hearing; the quickest of the last few
## answers tells it best.

## How many answers are compared: old ones must go, for clocks drift apart.
const KEPT := 6

## Whether the sidecar's time is known.
var known := false

var _offset := 0.0
var _delays := PackedFloat64Array()
var _offsets := PackedFloat64Array()


## Notes that a request of [param asked] was answered at [param heard], both in seconds of the
## caller's clock, with [param theirs] in seconds of the sidecar's.
func observe(asked: float, heard: float, theirs: float) -> void:
	_delays.append(heard - asked)
	_offsets.append(theirs - 0.5 * (asked + heard))
	if _delays.size() > KEPT:
		_delays.remove_at(0)
		_offsets.remove_at(0)
	var best := 0
	for index in _delays.size():
		if _delays[index] < _delays[best]:
			best = index
	_offset = _offsets[best]
	known = true


## Forgets everything: another sidecar may live on another machine's clock.
func reset() -> void:
	_delays.clear()
	_offsets.clear()
	known = false


## The sidecar's time at [param now] of the caller's clock.
func theirs(now: float) -> float:
	return now + _offset
