class_name SentioRailLimiter
extends RefCounted
## Safety limits of one adapted value: range, speed, freeze, safe stop and end of session.

enum Rail {
	## No limit was active.
	NONE,
	## The value was out of range.
	CLAMP,
	## The value changed too fast.
	SLEW,
	## Values are frozen.
	FROZEN,
	## A safe stop was requested.
	SAFE_STOP,
	## The session is over.
	SESSION_OVER,
	## The request was not finite.
	NOT_FINITE,
}

## Least value.
var low := 0.0
## Largest value.
var high := 1.0
## Largest rise per second.
var rise := 1.0
## Largest fall per second.
var fall := 1.0
## Target of a safe stop, and initial value.
var safe := 0.0
## Duration of a safe stop in seconds.
var stop_seconds := 2.0
## Length of the session in seconds; 0 for no limit.
var session := 0.0
## Current output; NAN before the first step.
var value := NAN
## The limit that was active in the last step.
var rail := Rail.NONE
## Whether the value is frozen.
var frozen := false
## Whether it was stopped permanently.
var stopped := false
## Age of this limiter in seconds.
var age := 0.0

var _start := NAN


## Returns the limited value of [param requested], [param dt] seconds after the last.
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
