class_name SentioResponseCurve
extends RefCounted
## Turns one value into another along points, and holds the first and last beyond them.

## At least one point, x rising.
var points := PackedVector2Array([Vector2(0, 0), Vector2(1, 1)])
## Ease in and out between points instead of straight lines.
var smooth := false


func _init(along := PackedVector2Array(), eased := false) -> void:
	if not along.is_empty():
		points = along
	smooth = eased


## The value at [param x]; NAN stays NAN.
func step(x: float) -> float:
	if is_nan(x):
		return NAN
	if x <= points[0].x:
		return points[0].y
	for index in range(1, points.size()):
		if x < points[index].x:
			return _between(points[index - 1], points[index], x)
	return points[-1].y


func _between(left: Vector2, right: Vector2, x: float) -> float:
	var start: float = left.y
	var along := (x - left.x) / (float(right.x) - left.x)
	if smooth:
		along = along * along * (3.0 - 2.0 * along)
	return start + (right.y - start) * along
