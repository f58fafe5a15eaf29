@tool
class_name SentioAffectPad
extends Control
## Valence to the right and arousal up, with ellipses of one and two standard deviations.

## Length of the trail in seconds.
const TRAIL_SECONDS := 12.0
## Points of the trail per second.
const TRAIL_HZ := 10.0

var _at := Vector2.ZERO
var _spread := Vector2.ZERO
var _known := false
var _trail := PackedVector2Array()
var _due := 0.0


func _init() -> void:
	custom_minimum_size = Vector2(200, 150)


## Shows valence and arousal of [param frame]; empty if they are unknown.
func show_frame(frame: SentioAffectFrame) -> void:
	_known = frame != null and frame.has("valence") and frame.has("arousal")
	if _known:
		_at = Vector2(frame.value("valence"), frame.value("arousal"))
		_spread = Vector2(frame.value("valence_sd", 0.5), frame.value("arousal_sd", 0.5))
	queue_redraw()


func _process(delta: float) -> void:
	_due -= SentioElapsed.real(delta)
	if _due > 0.0:
		return
	_due = 1.0 / TRAIL_HZ
	if _known:
		_trail.append(_at)
	if not _trail.is_empty() and (not _known or _trail.size() > TRAIL_SECONDS * TRAIL_HZ):
		_trail.remove_at(0)
	queue_redraw()


func _draw() -> void:
	draw_style_box(SentioPalette.box(SentioPalette.RAISED, 10, 0.0), Rect2(Vector2.ZERO, size))
	_axes()
	if _trail.size() > 1:
		var line := PackedVector2Array()
		var shades := PackedColorArray()
		for index in _trail.size():
			line.append(_place(_trail[index]))
			shades.append(Color(SentioPalette.TEAL, 0.6 * pow(float(index) / _trail.size(), 2.0)))
		draw_polyline_colors(line, shades, 2.0, true)
	if _known:
		_ellipse(2.0, 0.08, 0.25)
		_ellipse(1.0, 0.16, 0.6)
		draw_circle(_place(_at), 5.0, SentioPalette.TEAL, true, -1.0, true)
		draw_circle(_place(_at), 2.0, Color.WHITE, true, -1.0, true)
	else:
		_word("unknown", size * 0.5 + Vector2(0, 4), SentioPalette.MUTED, 14)
	_corners()


func _axes() -> void:
	var grey := SentioPalette.LINE
	for step: float in [-0.5, 0.5]:
		draw_line(_place(Vector2(step, -1)), _place(Vector2(step, 1)), Color(grey, 0.4), 1.0)
		draw_line(_place(Vector2(-1, step)), _place(Vector2(1, step)), Color(grey, 0.4), 1.0)
	draw_line(_place(Vector2(0, -1)), _place(Vector2(0, 1)), grey, 1.0)
	draw_line(_place(Vector2(-1, 0)), _place(Vector2(1, 0)), grey, 1.0)


func _corners() -> void:
	var tone := SentioPalette.MUTED
	_word("tense", _place(Vector2(-0.74, 0.84)), tone)
	_word("excited", _place(Vector2(0.72, 0.84)), tone)
	_word("down", _place(Vector2(-0.76, -0.94)), tone)
	_word("calm", _place(Vector2(0.78, -0.94)), tone)


func _word(text: String, middle: Vector2, tone: Color, font_size: int = 11) -> void:
	var font := ThemeDB.fallback_font
	var width := font.get_string_size(text, HORIZONTAL_ALIGNMENT_LEFT, -1, font_size).x
	var start := middle - Vector2(0.5 * width, 0.0)
	draw_string(font, start, text, HORIZONTAL_ALIGNMENT_LEFT, -1, font_size, tone)


func _ellipse(deviations: float, fill: float, line: float) -> void:
	var points := PackedVector2Array()
	for step in 49:
		var angle := TAU * step / 48.0
		var edge := _at + deviations * _spread * Vector2(cos(angle), sin(angle))
		points.append(_place(edge.clampf(-1.0, 1.0)))
	draw_colored_polygon(points, Color(SentioPalette.TEAL, fill))
	draw_polyline(points, Color(SentioPalette.TEAL, line), 1.2, true)


func _place(affect: Vector2) -> Vector2:
	var inner := size - Vector2(16, 16)
	return Vector2(8, 8) + inner * (Vector2(0.5, 0.5) + Vector2(0.5, -0.5) * affect)
