class_name SentioBackoff
extends RefCounted
## How long to wait before the next try to connect: doubling, with jitter, up to a ceiling.
##
## The goal of two seconds from a restarted sidecar to the first frame bounds the ceiling.

var _first: float
var _ceiling: float
var _wait: float
var _random: RandomNumberGenerator


## Waits start at [param first] seconds and never exceed [param ceiling]; [param random] draws
## the jitter, so that many clients of one sidecar do not return at the same instant.
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


## Begins anew, after a connection that worked.
func reset() -> void:
	_wait = _first
