class_name SentioSwings
extends RefCounted
## Counts opposing changes of a quantity within one second; two of them are one flash.

## Flashes allowed per second (WCAG 2.2, success criterion 2.3.1).
const FLASHES := 3

var _change := 0.1
var _dark := 0.8
var _extreme := NAN
var _rising := 0
var _times := PackedFloat64Array()


func _init(change: float, dark: float) -> void:
	_change = change
	_dark = dark


## Direction of the change that [param x] would add: 1, -1, or 0 for none.
func would_turn(x: float) -> int:
	if is_nan(_extreme):
		return 0
	var way := x - _extreme
	if absf(way) < _change or minf(x, _extreme) >= _dark:
		return 0
	var direction := 1 if way > 0.0 else -1
	return 0 if direction == _rising else direction


## Whether one more change at [param now], seconds, would exceed the allowed flashes.
func is_full(now: float) -> bool:
	while not _times.is_empty() and now - _times[0] >= 1.0:
		_times.remove_at(0)
	return _times.size() >= 2 * FLASHES


## Records the shown value.
func take(now: float, x: float) -> void:
	var turn := would_turn(x)
	if turn != 0:
		_rising = turn
		_times.append(now)
		_extreme = x
	elif is_nan(_extreme) or (x - _extreme) * _rising > 0.0:
		_extreme = x
