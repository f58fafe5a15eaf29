class_name SentioSmoothing
extends RefCounted
## Follows a value with a time constant, exactly at any frame rate.

## Seconds after which 63 % of a step is gone; 0 follows at once.
var seconds := 0.0
## What is given now; NAN before the first.
var value := NAN


func _init(constant := 0.0) -> void:
	seconds = constant


## Takes [param x] after [param dt] seconds; what is no number holds.
func step(dt: float, x: float) -> float:
	if is_finite(x) and is_nan(value):
		value = x
	elif is_finite(x):
		value += (x - value) * SentioElapsed.share(dt, seconds)
	return value
