class_name SentioInputCounter
extends RefCounted
## Statistics of how a game is operated, one row each half second; never what is pressed.

## Channels of a row, as PROTOCOL.md names them.
const CHANNELS: PackedStringArray = [
	"keys",
	"buttons",
	"pointer_speed",
	"pointer_jerk",
	"stick_speed",
	"stick_jerk",
	"errors",
	"idle",
]

## Seconds of a row.
var period := 0.5
## The newest row, in the order of [constant CHANNELS].
var row: PackedFloat64Array = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]

var _elapsed := 0.0
var _idle := 0.0
var _keys := 0.0
var _buttons := 0.0
var _pointer := 0.0
var _stick := 0.0
var _errors := 0.0
var _pointer_speed := 0.0
var _stick_speed := 0.0
var _deflection := Vector2.ZERO


## Lets time pass; returns whether a row has just been finished.
func step(dt: float) -> bool:
	var passed := SentioElapsed.of(dt)
	_elapsed += passed
	_idle += passed
	if _elapsed < period - 1e-9:
		return false
	_finish()
	return true


## A key was pressed.
func count_key() -> void:
	_keys += 1.0
	_idle = 0.0


## A button of mouse, pad or screen was pressed.
func count_button() -> void:
	_buttons += 1.0
	_idle = 0.0


## Mouse or finger has moved by [param path] screen heights.
func count_pointer(path: float) -> void:
	if is_finite(path) and path > 0.0:
		_pointer += path
		_idle = 0.0


## A stick is at [param x], [param y], each -1..1.
func count_stick(x: float, y: float) -> void:
	var bounded_x := clampf(x, -1.0, 1.0) if is_finite(x) else 0.0
	var bounded_y := clampf(y, -1.0, 1.0) if is_finite(y) else 0.0
	var moved_x := bounded_x - _deflection.x
	var moved_y := bounded_y - _deflection.y
	var path := sqrt(moved_x * moved_x + moved_y * moved_y)
	_deflection = Vector2(bounded_x, bounded_y)
	if path > 0.0:
		_stick += path
		_idle = 0.0


## The player failed at something that the game counts: a missed jump, a wrong answer.
func count_error() -> void:
	_errors += 1.0


func _finish() -> void:
	var pointer_speed := _pointer / _elapsed
	var stick_speed := _stick / _elapsed
	row = [
		_keys / _elapsed,
		_buttons / _elapsed,
		pointer_speed,
		absf(pointer_speed - _pointer_speed) / _elapsed,
		stick_speed,
		absf(stick_speed - _stick_speed) / _elapsed,
		_errors / _elapsed,
		_idle,
	]
	_pointer_speed = pointer_speed
	_stick_speed = stick_speed
	_elapsed = 0.0
	_keys = 0.0
	_buttons = 0.0
	_pointer = 0.0
	_stick = 0.0
	_errors = 0.0
