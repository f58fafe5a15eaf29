class_name SentioSwitch
extends RefCounted
## A yes or no with two thresholds, so that it does not flutter.

## Value from which it is on.
var on := 0.6
## Value to which it stays on.
var off := 0.4
## Least seconds that it stays on.
var dwell := 0.0
## Least seconds that it stays off.
var cool_down := 0.0
## Whether it is on.
var active := false

var _since := INF


## Takes [param x] after [param dt] seconds; what is no number changes nothing.
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
