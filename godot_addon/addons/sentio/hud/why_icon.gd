class_name SentioWhyIcon
extends Control
## A small sign of a change: an arrow up or down, or a bar for none.

## Side of the square, pixels.
const SIDE := 18.0

var _direction := 0


func _init() -> void:
	custom_minimum_size = Vector2(SIDE, SIDE)
	size_flags_vertical = Control.SIZE_SHRINK_CENTER
	mouse_filter = Control.MOUSE_FILTER_IGNORE


## Shows the direction of a change by [param by].
func show_change(by: float) -> void:
	_direction = 0 if absf(by) < 1e-3 else int(signf(by))
	queue_redraw()


func _draw() -> void:
	var ink := Color(1.0, 0.78, 0.42)
	var middle := Vector2(SIDE, SIDE) / 2.0
	draw_circle(middle, SIDE / 2.0, Color(ink, 0.18))
	if _direction == 0:
		draw_line(middle - Vector2(4, 0), middle + Vector2(4, 0), ink, 2.0, true)
		return
	var tip := Vector2(0, -5.0 * _direction)
	draw_line(middle - tip, middle + tip, ink, 2.0, true)
	draw_line(middle + tip, middle + tip * 0.1 + Vector2(4, 0), ink, 2.0, true)
	draw_line(middle + tip, middle + tip * 0.1 - Vector2(4, 0), ink, 2.0, true)
