class_name SentioSlewLimit
extends RefCounted
## Limits the rate of change of a value.

## Largest rise per second.
var rise := INF
## Largest fall per second.
var fall := INF
## Current output; NAN before the first step.
var value := NAN


func _init(up := INF, down := INF) -> void:
	rise = up
	fall = down


## Takes [param x] after [param dt] seconds; a value that is not finite holds the output.
func step(dt: float, x: float) -> float:
	var time := SentioElapsed.of(dt)
	if is_finite(x) and is_nan(value):
		value = x
	elif is_finite(x) and time > 0.0:
		value = clampf(x, value - fall * time, value + rise * time)
	return value
