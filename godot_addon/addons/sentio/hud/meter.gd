@tool
class_name SentioMeter
extends Control
## A value as a bar with name, number and a whisker of one standard deviation.

## Label at the left.
@export var title := "":
	set(text):
		title = text
		queue_redraw()
## The value at the bar's start; if it is below 0, the bar grows from 0.
@export var low := 0.0
## The value at the bar's end.
@export var high := 1.0
## The colour of the bar.
@export var tone := SentioPalette.TEAL
## Format of the number.
@export var format := "%.2f"

var _value := NAN
var _deviation := NAN
var _shown := 0.0


func _init() -> void:
	custom_minimum_size = Vector2(180, 20)


## A meter of [param title] between [param from] and [param to].
static func of(heading: String, colour: Color, from: float = 0.0, to: float = 1.0) -> SentioMeter:
	var made := SentioMeter.new()
	made.title = heading
	made.tone = colour
	made.low = from
	made.high = to
	return made


## Shows [param value] and its [param deviation]; NAN is unknown.
func show_value(value: float, deviation: float = NAN) -> void:
	_value = value
	_deviation = deviation


func _process(delta: float) -> void:
	var goal := 0.0 if is_nan(_value) else _value
	_shown = lerpf(_shown, goal, 1.0 - exp(-12.0 * SentioElapsed.real(delta)))
	queue_redraw()


func _draw() -> void:
	var font := ThemeDB.fallback_font
	var base := 0.5 * size.y + 4.5
	var known := not is_nan(_value)
	var words := SentioPalette.TEXT if known else SentioPalette.MUTED
	draw_string(font, Vector2(0, base), title, HORIZONTAL_ALIGNMENT_LEFT, 88, 12, words)
	var number := format % _value if known else "unknown"
	draw_string(font, Vector2(size.x - 58, base), number, HORIZONTAL_ALIGNMENT_RIGHT, 58, 12, words)
	var rail := Rect2(92, 0.5 * size.y - 3.5, size.x - 92 - 66, 7)
	draw_style_box(SentioPalette.box(SentioPalette.LINE, 4, 0.0), rail)
	if not known:
		return
	var zero := _place(rail, maxf(low, minf(0.0, high)))
	var tip := _place(rail, _shown)
	var bar := Rect2(minf(zero, tip), rail.position.y, maxf(absf(tip - zero), 3.0), rail.size.y)
	draw_style_box(SentioPalette.box(tone, 4, 0.0), bar)
	if not is_nan(_deviation):
		var middle := rail.get_center().y
		var left := Vector2(_place(rail, _shown - _deviation), middle)
		var right := Vector2(_place(rail, _shown + _deviation), middle)
		draw_line(left, right, Color(SentioPalette.TEXT, 0.85), 1.2)
		for end: Vector2 in [left, right]:
			draw_line(
				end - Vector2(0, 4), end + Vector2(0, 4), Color(SentioPalette.TEXT, 0.85), 1.2
			)


func _place(rail: Rect2, value: float) -> float:
	return rail.position.x + rail.size.x * clampf(inverse_lerp(low, high, value), 0.0, 1.0)
