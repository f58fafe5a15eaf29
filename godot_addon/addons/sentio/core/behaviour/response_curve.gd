class_name SentioResponseCurve
extends RefCounted
## Maps a value along a piecewise curve; beyond the ends the first and last values hold.

## The points' positions, increasing; as many as [member y], at least one.
var x := PackedFloat64Array([0.0, 1.0])
## The points' values.
var y := PackedFloat64Array([0.0, 1.0])
## Smoothstep between points instead of straight lines.
var smooth := false


func _init(at: PackedFloat64Array = x, given: PackedFloat64Array = y, eased := false) -> void:
	if at.size() == given.size() and not at.is_empty():
		x = at
		y = given
	smooth = eased


## A curve along [param points], as the editor holds them.
static func along(points: PackedVector2Array, eased := false) -> SentioResponseCurve:
	var curve := SentioResponseCurve.new()
	if not points.is_empty():
		curve.x.clear()
		curve.y.clear()
	for point in points:
		curve.x.append(point.x)
		curve.y.append(point.y)
	curve.smooth = eased
	return curve


## The value at [param at]; NAN stays NAN.
func step(at: float) -> float:
	if is_nan(at):
		return NAN
	if at <= x[0]:
		return y[0]
	for index in range(1, x.size()):
		if at < x[index]:
			var share := (at - x[index - 1]) / (x[index] - x[index - 1])
			if smooth:
				share = share * share * (3.0 - 2.0 * share)
			return y[index - 1] + (y[index] - y[index - 1]) * share
	return y[-1]
