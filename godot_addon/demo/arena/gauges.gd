class_name ArenaGauges
extends Control
## What the player sees of the game: health as flames, points, and a word when it begins or ends.

var health := 5
var points := 0
var best := 0
## A large word in the middle, and a smaller line under it.
var headline := ""
var line := ""
## 0..1, how tense the game is: a thin arc that fills, no number.
var intensity := 0.0
var phase := ""

var _bold := SentioPalette.font(0.7)
var _clock := 0.0


func _process(delta: float) -> void:
	_clock += delta
	queue_redraw()


func _draw() -> void:
	for index in ArenaHero.MOST_HEALTH:
		_flame(Vector2(46 + 34 * index, 50), index < health, index)
	_text(_bold, str(points), Vector2(size.x - 40, 58), 34, SentioPalette.TEXT, true)
	_text(_bold, "best %d" % best, Vector2(size.x - 40, 80), 13, SentioPalette.MUTED, true)
	_arc()
	if headline:
		draw_rect(Rect2(Vector2.ZERO, size), Color(0.01, 0.01, 0.03, 0.45))
		_middle(_bold, headline, 0.42 * size.y, 64, SentioPalette.TEXT)
		_middle(ThemeDB.fallback_font, line, 0.42 * size.y + 40, 19, Color(0.88, 0.9, 0.95))


func _arc() -> void:
	var middle := Vector2(0.5 * size.x, 34)
	var width := 180.0
	var rail := Rect2(middle - Vector2(0.5 * width, 2), Vector2(width, 4))
	draw_style_box(SentioPalette.box(Color(1, 1, 1, 0.13), 2, 0.0), rail)
	rail.size.x = maxf(width * intensity, 4.0)
	var tone := SentioPalette.TEAL.lerp(SentioPalette.CORAL, smoothstep(0.25, 0.85, intensity))
	draw_style_box(SentioPalette.box(tone, 2, 0.0), rail)
	_middle(ThemeDB.fallback_font, phase, 58, 13, Color(0.86, 0.88, 0.94, 0.9))


func _flame(at: Vector2, alive: bool, index: int) -> void:
	var sway := sin(3.0 * _clock + index) * 1.6 if alive else 0.0
	var points_of := PackedVector2Array()
	for step in 28:
		var angle := TAU * step / 28.0
		var narrow := 1.0 if sin(angle) > 0.0 else pow(1.0 + sin(angle), 0.75) * 0.95 + 0.05
		var tall := 9.0 if sin(angle) > 0.0 else 17.0
		var lean := sway * maxf(-sin(angle), 0.0)
		points_of.append(at + Vector2(cos(angle) * 9.0 * narrow + lean, sin(angle) * tall))
	if alive:
		draw_colored_polygon(points_of, Color("ff9a4d"))
		draw_circle(at + Vector2(0, 2), 4.6, Color("fff0c4"), true, -1.0, true)
	else:
		draw_polyline(points_of, Color(1, 1, 1, 0.25), 1.4, true)


func _middle(font: Font, text: String, base: float, px: int, tone: Color) -> void:
	var width := font.get_string_size(text, HORIZONTAL_ALIGNMENT_LEFT, -1, px).x
	_text(font, text, Vector2(0.5 * (size.x - width), base), px, tone, false)


func _text(font: Font, text: String, at: Vector2, px: int, tone: Color, right: bool) -> void:
	var from := at
	if right:
		from.x -= font.get_string_size(text, HORIZONTAL_ALIGNMENT_LEFT, -1, px).x
	draw_string_outline(
		font, from, text, HORIZONTAL_ALIGNMENT_LEFT, -1, px, 6, Color(0, 0, 0, 0.45)
	)
	draw_string(font, from, text, HORIZONTAL_ALIGNMENT_LEFT, -1, px, tone)
