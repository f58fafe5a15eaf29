class_name SentioBackoff
extends RefCounted
## Delays between attempts to connect: doubling, with jitter, up to a maximum.
##
## The maximum allows a first frame within two seconds of a sidecar's restart.

var _first: float
var _ceiling: float
var _wait: float
var _random: RandomNumberGenerator


## Delays start at [param first] seconds and never exceed [param ceiling]; [param random] adds
## jitter, so that several clients do not reconnect at the same instant.
func _init(first: float, ceiling: float, random: RandomNumberGenerator) -> void:
	_first = first
	_ceiling = maxf(first, ceiling)
	_wait = first
	_random = random


## Seconds to wait now: between half and all of the current step. Doubles the step.
func next() -> float:
	var wait := _wait * _random.randf_range(0.5, 1.0)
	_wait = minf(2.0 * _wait, _ceiling)
	return wait


## Resets the delay after a successful connection.
func reset() -> void:
	_wait = _first
