class_name ArenaGauges
extends Control
## The player's display: health as flames, points, the watches of the night, and texts when
## something begins or ends.

const MARGIN := 40.0
## Between the parts of [member line].
const SEPARATOR := "     ·     "
const WARDEN_TONE := Color(1.0, 0.58, 0.84)

var health := 5
var points := 0
## Best score of earlier rounds; 0 before the first ends.
var best := 0
## Completed watches of the night.
var watches := 0
## A large text in the middle, and a smaller line below.
var headline := ""
var line := ""
## Whether the texts stand above a page.
var raised := false
## Darkening behind the texts, 0..1.
var dim := 0.0
## Tension, 0..1: a thin bar without a number.
var intensity := 0.0
var phase := ""
## Health of the warden, 0..1; 0 while there is none.
var warden := 0.0

var _bold := SentioPalette.font(0.7)
var _shade := _top_shade()
var _clock := 0.0
var _dim := 0.0


func _process(delta: float) -> void:
	_clock += delta
	_dim = move_toward(_dim, dim, 0.8 * delta)
	queue_redraw()


func _draw() -> void:
	draw_texture_rect(_shade, Rect2(0, 0, size.x, 150), false)
	# The page after a round takes the whole of a narrow window.
	if not (raised and DemoSmallWindow.is_narrow(self)):
		_health_and_points()
		_bar()
	if _dim > 0.0:
		draw_rect(Rect2(Vector2.ZERO, size), Color(0.01, 0.01, 0.03, _dim))
	if headline:
		_texts()


func _health_and_points() -> void:
	for index in ArenaHero.MOST_HEALTH:
		_flame(Vector2(MARGIN + 10 + 34 * index, 48), index < health, index)
	_text(_bold, str(points), Vector2(MARGIN, 106), 34, SentioPalette.TEXT)
	if best > 0:
		_text(_bold, "best %d" % best, Vector2(MARGIN, 128), 15, Color(0.82, 0.85, 0.92))


# The headline and its line, which are above the page after a round.
func _texts() -> void:
	var narrow := DemoSmallWindow.is_narrow(self)
	var base := (0.27 if raised else 0.42) * size.y
	if narrow and raised:
		var page := DemoResults.PAGE.y + DemoResults.STACKED
		base = maxf(DemoResults.HEAD, 0.5 * (size.y - page)) - 82.0
	_middle(_bold, headline, base, 30 if narrow else 60, SentioPalette.TEXT)
	var lines := line.split(SEPARATOR) if narrow else PackedStringArray([line])
	for index in lines.size():
		var at := base + (26.0 + 22.0 * index if narrow else 44.0)
		_middle(SentioPalette.font(0.2), lines[index], at, 20, Color(0.92, 0.94, 0.98))


func _bar() -> void:
	# Below the flames where both do not fit beside each other.
	if DemoSmallWindow.is_narrow(self):
		draw_set_transform(Vector2(0, 116))
	_draw_bar()
	draw_set_transform(Vector2.ZERO)


func _draw_bar() -> void:
	var middle := Vector2(0.5 * size.x, 34)
	var width := 200.0
	var rail := Rect2(middle - Vector2(0.5 * width, 2.5), Vector2(width, 5))
	draw_style_box(SentioPalette.box(Color(1, 1, 1, 0.18), 3, 0.0), rail)
	rail.size.x = maxf(width * intensity, 5.0)
	var tone := SentioPalette.TEAL.lerp(SentioPalette.CORAL, smoothstep(0.25, 0.85, intensity))
	draw_style_box(SentioPalette.box(tone, 3, 0.0), rail)
	_middle(SentioPalette.font(0.3), phase, 62, 17, Color(0.94, 0.95, 0.98))
	for index in ArenaNight.WATCHES:
		var at := Vector2(0.5 * size.x + 26.0 * (index - 0.5 * (ArenaNight.WATCHES - 1)), 84)
		_watch(at, index < watches)
	if warden > 0.0:
		_bar_of_warden(middle.x)


func _bar_of_warden(x: float) -> void:
	_middle(SentioPalette.font(0.3), "the warden", 124, 17, WARDEN_TONE)
	var width := minf(360.0, size.x - 40.0)
	var rail := Rect2(Vector2(x - 0.5 * width, 134), Vector2(width, 8))
	draw_style_box(SentioPalette.box(Color(1, 1, 1, 0.22), 4, 0.0), rail)
	rail.size.x = maxf(rail.size.x * warden, 8.0)
	draw_style_box(SentioPalette.box(WARDEN_TONE, 4, 0.0), rail)


# A moon for each remaining watch, a small sun for each completed one.
func _watch(at: Vector2, kept: bool) -> void:
	if kept:
		draw_circle(at, 7.0, SentioPalette.AMBER, true, -1.0, true)
		draw_arc(at, 9.5, 0.0, TAU, 32, Color(SentioPalette.AMBER, 0.4), 2.0, true)
	else:
		draw_arc(at, 6.5, 0.0, TAU, 32, Color(1, 1, 1, 0.6), 1.5, true)


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
		points_of.append(points_of[0])
		draw_polyline(points_of, Color(1, 1, 1, 0.45), 1.6, true)


func _middle(font: Font, text: String, base: float, px: int, tone: Color) -> void:
	var width := font.get_string_size(text, HORIZONTAL_ALIGNMENT_LEFT, -1, px).x
	_text(font, text, Vector2(0.5 * (size.x - width), base), px, tone)


func _text(font: Font, text: String, at: Vector2, px: int, tone: Color) -> void:
	draw_string_outline(font, at, text, HORIZONTAL_ALIGNMENT_LEFT, -1, px, 6, Color(0, 0, 0, 0.5))
	draw_string(font, at, text, HORIZONTAL_ALIGNMENT_LEFT, -1, px, tone)


# Texts stay readable over the game.
static func _top_shade() -> GradientTexture2D:
	var fade := Gradient.new()
	fade.set_color(0, Color(0.01, 0.01, 0.03, 0.72))
	fade.set_color(1, Color(0.01, 0.01, 0.03, 0.0))
	var made := GradientTexture2D.new()
	made.gradient = fade
	made.fill_to = Vector2(0, 1)
	made.width = 4
	made.height = 64
	return made
