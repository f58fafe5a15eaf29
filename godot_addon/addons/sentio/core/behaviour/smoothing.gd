class_name SentioSmoothing
extends RefCounted
## Exponential smoothing, independent of the frame rate.

## Time constant in seconds (63 % of a step); 0 for none.
var seconds := 0.0
## Current output; NAN before the first step.
var value := NAN


func _init(constant := 0.0) -> void:
	seconds = constant


## Takes [param x] after [param dt] seconds; a value that is not finite holds the output.
func step(dt: float, x: float) -> float:
	if is_finite(x) and is_nan(value):
		value = x
	elif is_finite(x):
		value += (x - value) * SentioElapsed.share(dt, seconds)
	return value
