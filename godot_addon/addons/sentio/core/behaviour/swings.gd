class_name SentioSwings
extends RefCounted
## Counts the opposing changes of one quantity in the last second: two of them are a flash.

## Flashes a second that are allowed (WCAG 2.2, success criterion 2.3.1).
const FLASHES := 3

var _change := 0.1
var _dark := 0.8
var _extreme := NAN
var _rising := 0
var _times := PackedFloat64Array()


func _init(change: float, dark: float) -> void:
	_change = change
	_dark = dark


## The direction of the counted change that [param x] would be: 1, -1, or 0 for none.
func would_turn(x: float) -> int:
	if is_nan(_extreme):
		return 0
	var way := x - _extreme
	if absf(way) < _change or minf(x, _extreme) >= _dark:
		return 0
	var direction := 1 if way > 0.0 else -1
	return 0 if direction == _rising else direction


## Whether one more change would be a flash too many at [param now], seconds.
func is_full(now: float) -> bool:
	while not _times.is_empty() and now - _times[0] >= 1.0:
		_times.remove_at(0)
	return _times.size() >= 2 * FLASHES


## Takes what is shown.
func take(now: float, x: float) -> void:
	var turn := would_turn(x)
	if turn != 0:
		_rising = turn
		_times.append(now)
		_extreme = x
	elif is_nan(_extreme) or (x - _extreme) * _rising > 0.0:
		_extreme = x
