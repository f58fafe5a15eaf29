class_name SentioRailLimiter
extends RefCounted
## The last word on one adapted value: limits, speed, freeze, safe stop and the session's end.

enum Rail {
	## None held.
	NONE,
	## It was beyond its range.
	CLAMP,
	## It was too fast.
	SLEW,
	## Values stand still.
	FROZEN,
	## Somebody asked for a safe stop.
	SAFE_STOP,
	## The session is over.
	SESSION_OVER,
	## It was no number.
	NOT_FINITE,
}

## Limits of the value.
var low := 0.0
## Most that is given.
var high := 1.0
## Most that it rises and falls in a second.
var rise := 1.0
## Most that it shrinks in a second.
var fall := 1.0
## Where a safe stop leads, and where the value begins.
var safe := 0.0
## Seconds that a safe stop takes from wherever the value is.
var stop_seconds := 2.0
## Seconds after which adaptation ends; 0 for no end.
var session := 0.0
## What is given now; NAN before the first step.
var value := NAN
## Which rail held the value in the last step.
var rail := Rail.NONE
## Whether the value stands still.
var frozen := false
## Whether it was stopped, for good.
var stopped := false
## Seconds that this limiter has run.
var age := 0.0

var _start := NAN


## Gives what may be used of [param requested], [param dt] seconds after the last.
func step(dt: float, requested: float) -> float:
	var time := SentioElapsed.of(dt)
	age += time
	if is_nan(value):
		value = safe
	if stopped or (session > 0.0 and age >= session):
		_stop(time)
	elif frozen:
		rail = Rail.FROZEN
	elif not is_finite(requested):
		rail = Rail.NOT_FINITE
	else:
		_limit(time, requested)
	return value


func _limit(time: float, requested: float) -> void:
	rail = Rail.NONE
	var wanted := clampf(requested, low, high)
	if wanted != requested:
		rail = Rail.CLAMP
	var given := value
	if time > 0.0:
		given = clampf(wanted, value - fall * time, value + rise * time)
	if given != wanted:
		rail = Rail.SLEW
	value = given


func _stop(time: float) -> void:
	rail = Rail.SAFE_STOP if stopped else Rail.SESSION_OVER
	if is_nan(_start):
		_start = absf(value - safe)
	var most := INF if stop_seconds <= 0.0 else _start * time / stop_seconds
	value += clampf(safe - value, -most, most)
