@tool
class_name SentioSparkline
extends Control
## Recent values as a line, with gaps where they are unknown.

## Number of points.
@export_range(10, 600) var points := 120
## The colour of the line.
@export var tone := SentioPalette.TEAL
## Value at the bottom; equal bounds fit the range to the values.
@export var low := 0.0
## Value at the top; equal bounds fit the range to the values.
@export var high := 0.0

var _values := PackedFloat32Array()


func _init() -> void:
	custom_minimum_size = Vector2(100, 28)


## Appends [param value]; NAN is unknown.
func push(value: float) -> void:
	_values.append(value)
	if _values.size() > points:
		_values.remove_at(0)
	queue_redraw()


func _draw() -> void:
	var bounds := _bounds()
	var run := PackedVector2Array()
	for index in _values.size():
		if is_nan(_values[index]):
			_stroke(run)
			run = PackedVector2Array()
			continue
		var across := float(points - _values.size() + index) / maxf(points - 1.0, 1.0)
		var up := clampf(inverse_lerp(bounds.x, bounds.y, _values[index]), 0.0, 1.0)
		run.append(Vector2(size.x * across, 2.0 + (size.y - 4.0) * (1.0 - up)))
	_stroke(run)
	if not run.is_empty():
		draw_circle(run[-1], 2.2, tone, true, -1.0, true)


func _stroke(run: PackedVector2Array) -> void:
	if run.size() < 2:
		return
	var under := run.duplicate()
	under.append(Vector2(run[-1].x, size.y))
	under.append(Vector2(run[0].x, size.y))
	var shades := PackedColorArray()
	shades.resize(under.size())
	shades.fill(Color(tone, 0.22))
	shades[-1] = Color(tone, 0.0)
	shades[-2] = Color(tone, 0.0)
	if not Geometry2D.triangulate_polygon(under).is_empty():
		draw_polygon(under, shades)
	draw_polyline(run, tone, 1.6, true)


func _bounds() -> Vector2:
	if low < high:
		return Vector2(low, high)
	var least := INF
	var most := -INF
	for value in _values:
		if not is_nan(value):
			least = minf(least, value)
			most = maxf(most, value)
	var slack := maxf(0.08 * (most - least), 0.01 * maxf(absf(most), 0.1))
	return Vector2(least - slack, most + slack) if least <= most else Vector2(0.0, 1.0)
