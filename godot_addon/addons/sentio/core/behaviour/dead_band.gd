class_name SentioDeadBand
extends RefCounted
## Ignores small changes: the output follows at a distance of [member width].

## Half the width of the band.
var width := 0.0
## Current output; NAN before the first step.
var held := NAN


func _init(play := 0.0) -> void:
	width = play


## Takes [param x]; a value that is not finite changes nothing.
func step(x: float) -> float:
	if is_finite(x):
		held = x if is_nan(held) else clampf(held, x - width, x + width)
	return held
