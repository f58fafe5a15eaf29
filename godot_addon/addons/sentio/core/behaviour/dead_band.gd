class_name SentioDeadBand
extends RefCounted
## Ignores small movements: the output follows at a distance of [member width].

## Half of the play.
var width := 0.0
## What is given now; NAN before the first.
var held := NAN


func _init(play := 0.0) -> void:
	width = play


## Takes [param x]; what is no number changes nothing.
func step(x: float) -> float:
	if is_finite(x):
		held = x if is_nan(held) else clampf(held, x - width, x + width)
	return held
