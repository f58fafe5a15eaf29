class_name SentioPid
extends RefCounted
## PID controller: drives a measured value to a target.
##
## The derivative is taken of the measurement, so a new target gives no kick, and the integral
## stops at the output's limits (anti-windup; Astrom and Hagglund 2006).

## Proportional gain.
var kp := 1.0
## Integral gain, per second.
var ki := 0.0
## Derivative gain, seconds.
var kd := 0.0
## Least output.
var low := -1.0
## Largest output.
var high := 1.0
## Current output; NAN before the first step.
var output := NAN

var _integral := 0.0
var _before := NAN


## Takes measurement and target; if either is not finite or no time has passed, nothing changes.
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
