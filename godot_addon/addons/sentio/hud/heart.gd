@tool
class_name SentioHeart
extends Control
## Heart rate as a beating heart, a number, and the course of the last minute.

var _rate := NAN
var _phase := 0.0
var _due := 0.0
var _line := SentioSparkline.new()


func _init() -> void:
	custom_minimum_size = Vector2(200, 38)
	_line.tone = SentioPalette.CORAL
	add_child(_line)


## Shows [param rate] in beats a minute; NAN is unknown.
func show_rate(rate: float) -> void:
	_rate = rate


func _process(delta: float) -> void:
	var time := SentioElapsed.real(delta)
	_line.position = Vector2(108, 4)
	_line.size = Vector2(maxf(size.x - 112, 10.0), size.y - 8)
	_phase = 0.0 if is_nan(_rate) else fmod(_phase + time * _rate / 60.0, 1.0)
	_due -= time
	if _due <= 0.0:
		_due = 0.5
		_line.push(_rate)
	queue_redraw()


func _draw() -> void:
	var known := not is_nan(_rate)
	var tone := SentioPalette.CORAL if known else SentioPalette.MUTED
	var beat := exp(-7.0 * _phase) if known else 0.0
	_heart(Vector2(14, 0.5 * size.y), 8.5 + 2.0 * beat, tone)
	var font := SentioPalette.font(0.5)
	var middle := 0.5 * size.y
	var text := "%.0f" % _rate if known else "–"
	draw_string(font, Vector2(32, middle + 8), text, HORIZONTAL_ALIGNMENT_LEFT, 44, 22)
	draw_string(
		ThemeDB.fallback_font,
		Vector2(72, middle + 7),
		"/min",
		HORIZONTAL_ALIGNMENT_LEFT,
		-1,
		11,
		SentioPalette.MUTED
	)


func _heart(middle: Vector2, reach: float, tone: Color) -> void:
	var points := PackedVector2Array()
	for step in 40:
		var angle := TAU * step / 40.0
		var across := pow(sin(angle), 3.0)
		var up := 13.0 * cos(angle) - 5.0 * cos(2 * angle) - 2.0 * cos(3 * angle) - cos(4 * angle)
		points.append(middle + reach * Vector2(across, -up / 16.0))
	draw_colored_polygon(points, tone)
