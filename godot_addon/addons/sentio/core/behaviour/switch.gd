class_name SentioSwitch
extends RefCounted
## A switch with hysteresis and minimum dwell times.

## Threshold for switching on.
var on := 0.6
## Threshold for switching off.
var off := 0.4
## Minimum time on, seconds.
var dwell := 0.0
## Minimum time off, seconds.
var cool_down := 0.0
## Whether it is on.
var active := false

var _since := INF


## Takes [param x] after [param dt] seconds; a value that is not finite changes nothing.
func step(dt: float, x: float) -> bool:
	_since += SentioElapsed.of(dt)
	if not is_finite(x):
		return active
	if active and x <= off and _since >= dwell:
		active = false
		_since = 0.0
	elif not active and x >= on and _since >= cool_down:
		active = true
		_since = 0.0
	return active
