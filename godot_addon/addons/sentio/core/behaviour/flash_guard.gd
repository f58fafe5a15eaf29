class_name SentioFlashGuard
extends RefCounted
## Holds a light if it would flash more than three times a second.

## Current relative luminance, 0..1; NAN before the first step.
var value := NAN

var _now := 0.0
var _swings := SentioSwings.new(0.1, 0.8)


## Returns the luminance that may be shown, [param dt] seconds after the last.
func step(dt: float, luminance: float) -> float:
	_now += SentioElapsed.of(dt)
	if not is_finite(luminance):
		return 0.0 if is_nan(value) else value
	var x := clampf(luminance, 0.0, 1.0)
	if _swings.would_turn(x) != 0 and _swings.is_full(_now):
		x = value
	_swings.take(_now, x)
	value = x
	return x
