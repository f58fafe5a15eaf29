class_name SentioPid
extends RefCounted
## Leads a measured value to a target: proportional, integral and derivative parts.
##
## The derivative is of the measurement, so that a new target gives no kick, and the integral does
## not grow into a limit that holds the output already (Astrom and Hagglund 2006).

## What the distance adds at once.
var kp := 1.0
## What it adds with time.
var ki := 0.0
## What the speed of the measurement takes away.
var kd := 0.0
## Limits of the output.
var low := -1.0
## Most that it gives.
var high := 1.0
## What is given now; NAN before the first step.
var output := NAN

var _integral := 0.0
var _before := NAN


## Takes what is measured and what is wanted; no number, or no time, changes nothing.
func step(dt: float, measured: float, target: float) -> float:
	var time := SentioElapsed.of(dt)
	if is_nan(output):
		output = clampf(0.0, low, high)
	if not (is_finite(measured) and is_finite(target)) or time == 0.0:
		return output
	var error := target - measured
	var slope := 0.0 if is_nan(_before) else (measured - _before) / time
	_before = measured
	var summed := _integral + ki * error * time
	var raw := kp * error + summed - kd * slope
	var stuck := (raw > high and error * ki > 0.0) or (raw < low and error * ki < 0.0)
	if not stuck:
		_integral = summed
	output = clampf(kp * error + _integral - kd * slope, low, high)
	return output
