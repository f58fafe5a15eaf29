class_name SentioManualValue
extends RefCounted
## A value that a person holds for a time instead of the adaptation, with its author.

## The held value; NAN for none.
var value := NAN
## Its author.
var by := ""
## Seconds for which it has been held.
var held := 0.0

var _seconds := INF


## Holds [param held_value] for [param seconds].
func hold(held_value: float, author: String, seconds := INF) -> void:
	value = held_value
	by = author
	held = 0.0
	_seconds = seconds


## Ends it; returns the duration in seconds, NAN if nothing was held.
func release() -> float:
	var lasted := held if is_finite(value) else NAN
	value = NAN
	return lasted


## Counts [param dt] seconds; returns the duration once when its time is over, else NAN.
func step(dt: float) -> float:
	if is_nan(value):
		return NAN
	held += SentioElapsed.of(dt)
	return release() if held >= _seconds else NAN
