class_name DemoResults
extends Control
## The page after a round: the player's own course against what the game did and its events.

## Largest width of the page, and its height, pixels.
const PAGE := Vector2(880, 380)
## Further height for texts below each other in a narrow window, pixels.
const STACKED := 40.0
## Room above the page for the headline in a narrow window, pixels.
const HEAD := 118.0
const WORDS_TONE := Color(0.85, 0.88, 0.94)

var _course: DemoCourse
var _title := ""
var _words: Dictionary[String, String] = {}
var _page := PAGE
var _plot := Rect2()


func _init() -> void:
	mouse_filter = Control.MOUSE_FILTER_IGNORE
	set_anchors_preset(Control.PRESET_FULL_RECT)
	visible = false


## Shows [param course]; [param demand_words] names what the game did.
func show_course(course: DemoCourse, title: String, demand_words: String) -> void:
	_course = course
	_title = title
	_words = {"level": "how stirred up you were, within your own range", "demand": demand_words}
	visible = course.times.size() > 1
	queue_redraw()


## One sentence about how both went together, for players: no number.
func verdict() -> String:
	var r := _course.agreement()
	if is_nan(r):
		return "There was no signal for long enough: the game kept to its usual course."
	if r < -0.3:
		return "The calmer you were, the more came; when it got too much, the game eased off."
	if r > 0.3:
		return "You and the game rose and fell together."
	return "You kept your own course, whatever came."


func _draw() -> void:
	if _course == null or _course.times.size() < 2:
		return
	var narrow := _arrange()
	var top := maxf(HEAD, 0.5 * (size.y - _page.y)) if narrow else 0.5 * size.y - 80.0
	draw_set_transform(Vector2(0.5 * (size.x - _page.x), top))
	draw_style_box(
		SentioPalette.box(Color(0.03, 0.04, 0.07, 0.93), 16, 0.0), Rect2(Vector2.ZERO, _page)
	)
	var left := 16.0 if narrow else 32.0
	_text(0.6, _title, Vector2(left, 44), 24, SentioPalette.TEXT)
	_text(0.2, verdict(), Vector2(left, 72), 16, Color(0.82, 0.86, 0.93))
	draw_rect(_plot, Color(1, 1, 1, 0.04))
	_area(_course.demands, Color(SentioPalette.CORAL, 0.32))
	_line(_course.levels, SentioPalette.TEAL)
	_events()
	var foot := Vector2(
		_plot.position.x + (22.0 if narrow else 0.0), _page.y - (40.0 if narrow else 22.0)
	)
	var beside := Vector2(0, 22) if narrow else Vector2(416, 0)
	_legend(foot, SentioPalette.TEAL, _words["level"])
	_legend(foot + beside, SentioPalette.CORAL, _words["demand"])


# Sizes for the window; returns whether texts stand below each other.
func _arrange() -> bool:
	_page = Vector2(minf(PAGE.x, size.x - 16.0), PAGE.y)
	var narrow := _page.x < PAGE.x
	_plot = Rect2(64, 92, _page.x - 128, 196)
	if narrow:
		_page.y += STACKED
		_plot = Rect2(16, 110, _page.x - 32, 196)
	return narrow


func _place(index: int, value: float) -> Vector2:
	var share := _course.times[index] / maxf(_course.times[-1], 1e-9)
	return _plot.position + Vector2(share, 1.0 - clampf(value, 0.0, 1.0)) * _plot.size


func _area(values: PackedFloat64Array, tone: Color) -> void:
	for index in range(1, values.size()):
		var left := _place(index - 1, values[index - 1])
		var right := _place(index, values[index])
		if right.x - left.x < 0.01:
			continue
		var base := _plot.end.y
		draw_colored_polygon(
			PackedVector2Array(
				[left, right, Vector2(right.x, base + 0.5), Vector2(left.x, base + 0.5)]
			),
			tone
		)


func _line(values: PackedFloat64Array, tone: Color) -> void:
	var run := PackedVector2Array()
	for index in values.size():
		if is_finite(values[index]):
			run.append(_place(index, values[index]))
		if not is_finite(values[index]) or index == values.size() - 1:
			if run.size() > 1:
				draw_polyline(run, tone, 2.5, true)
			run.clear()


func _events() -> void:
	for event in _course.events:
		var x := _event_x(event)
		draw_line(Vector2(x, _plot.position.y), Vector2(x, _plot.end.y), Color(1, 1, 1, 0.22), 1.0)
	var rows: Array[Array] = [[], []]
	for small: bool in [false, true]:
		for event in _course.events:
			if event["small"] == small:
				_event_words(event["words"], _event_x(event), rows)


func _event_x(event: Dictionary) -> float:
	var share: float = event["time"] / maxf(_course.times[-1], 1e-9)
	return _plot.position.x + clampf(share, 0.0, 1.0) * _plot.size.x


# Below the plot, in the first of two rows that is free there; left out if none is.
func _event_words(words: String, x: float, rows: Array[Array]) -> void:
	var font := SentioPalette.font(0.2)
	var width := font.get_string_size(words, HORIZONTAL_ALIGNMENT_LEFT, -1, 13).x
	var left := minf(x + 4.0, _page.x - 8.0 - width)
	for row in rows.size():
		var free := true
		for taken: Vector2 in rows[row]:
			free = free and (left > taken.y or left + width < taken.x)
		if free:
			rows[row].append(Vector2(left - 12.0, left + width + 12.0))
			_text(0.2, words, Vector2(left, _plot.end.y + 18 + 17 * row), 13, WORDS_TONE)
			return


func _legend(at: Vector2, tone: Color, words: String) -> void:
	draw_rect(Rect2(at - Vector2(22, 9), Vector2(14, 8)), tone)
	_text(0.2, words, at, 14, WORDS_TONE)


func _text(weight: float, words: String, at: Vector2, px: int, tone: Color) -> void:
	var font := SentioPalette.font(weight)
	var width := _page.x - at.x - 8.0
	draw_multiline_string(font, at, words, HORIZONTAL_ALIGNMENT_LEFT, width, px, -1, tone)
