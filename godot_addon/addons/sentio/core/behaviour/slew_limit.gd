class_name SentioSlewLimit
extends RefCounted
## Lets a value change only so fast.

## Most that it rises in a second.
var rise := INF
## Most that it falls in a second.
var fall := INF
## What is given now; NAN before the first.
var value := NAN


func _init(up := INF, down := INF) -> void:
	rise = up
	fall = down


## Takes [param x] after [param dt] seconds; what is no number holds.
func step(dt: float, x: float) -> float:
	var time := SentioElapsed.of(dt)
	if is_finite(x) and is_nan(value):
		value = x
	elif is_finite(x) and time > 0.0:
		value = clampf(x, value - fall * time, value + rise * time)
	return value
