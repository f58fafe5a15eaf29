@tool
class_name SentioResponseView
extends Control
## Draws the response of a binding or preset; drag its points. A dot shows the value now.
##
## The edited property is [code]points[/code]; undo works. Where a simulator is in the edited scene
## and its preview runs, the dot moves live.

## Height of the drawing, pixels.
const HEIGHT := 130.0
## Space around the curve, pixels.
const MARGIN := 12.0
## Distance at which a point is taken, pixels.
const NEAR := 10.0

var _object: Object
# An EditorUndoRedoManager, which exported games do not have.
var _undo: Object
var _dragged := -1
var _before := PackedVector2Array()


func _init(object: Object = null, undo: Object = null) -> void:
	_object = object
	_undo = undo
	custom_minimum_size = Vector2(0, HEIGHT)
	tooltip_text = "Drag the points of the response. The dot is the value now."


func _process(_delta: float) -> void:
	queue_redraw()


func _gui_input(event: InputEvent) -> void:
	var button := event as InputEventMouseButton
	if button and button.button_index == MOUSE_BUTTON_LEFT:
		if button.pressed:
			_dragged = point_at(button.position)
			_before = points()
		elif _dragged >= 0:
			_dragged = -1
			_store()
	var motion := event as InputEventMouseMotion
	if motion and _dragged >= 0:
		move(_dragged, motion.position)


## The edited points.
func points() -> PackedVector2Array:
	return _object.get("points") if is_instance_valid(_object) else PackedVector2Array()


## The index of the point near [param place], or -1.
func point_at(place: Vector2) -> int:
	var all := points()
	for index in all.size():
		if to_view(all[index]).distance_to(place) <= NEAR:
			return index
	return -1


## Moves a point to [param place]; points keep their order, and the ends their x.
func move(index: int, place: Vector2) -> void:
	var all := points()
	var wanted := from_view(place)
	if index == 0 or index == all.size() - 1:
		wanted.x = all[index].x
	else:
		wanted.x = clampf(wanted.x, all[index - 1].x + 1e-3, all[index + 1].x - 1e-3)
	all[index] = wanted
	_object.set("points", all)
	if _object.has_method("refresh"):
		_object.call("refresh")
	queue_redraw()


## Where a point is drawn.
func to_view(point: Vector2) -> Vector2:
	var box := _box()
	var share := (point - box.position) / box.size
	var inside := size - 2.0 * Vector2(MARGIN, MARGIN)
	return Vector2(MARGIN, MARGIN) + Vector2(share.x, 1.0 - share.y) * inside


## The point that is drawn at [param place], within the response's range.
func from_view(place: Vector2) -> Vector2:
	var box := _box()
	var inside := (size - 2.0 * Vector2(MARGIN, MARGIN)).max(Vector2.ONE)
	var share := ((place - Vector2(MARGIN, MARGIN)) / inside).clamp(Vector2.ZERO, Vector2.ONE)
	return box.position + Vector2(share.x, 1.0 - share.y) * box.size


## The affect value now; NAN without one.
func now() -> float:
	var node := _object as Node
	if node == null or not node.is_inside_tree():
		return NAN
	var feed: SentioFeed = node.get("source")
	if not is_instance_valid(feed):
		feed = SentioFeedFinder.near(node)
	var frame := SentioFeedFinder.fresh(feed)
	return frame.effective_value(str(node.get("entry"))) if frame else NAN


func _draw() -> void:
	var all := points()
	if all.is_empty():
		return
	var smooth: bool = _object.get("smooth") == true
	var response := SentioResponseCurve.along(all, smooth)
	var box := _box()
	var line := PackedVector2Array()
	for step in 65:
		var x := box.position.x + box.size.x * step / 64.0
		line.append(to_view(Vector2(x, response.step(x))))
	draw_rect(Rect2(Vector2.ZERO, size), Color(0, 0, 0, 0.25))
	draw_polyline(line, Color(0.35, 0.8, 0.75), 2.0, true)
	for point in all:
		draw_circle(to_view(point), 4.0, Color(0.9, 0.95, 1.0))
	var at := now()
	if is_finite(at):
		draw_circle(to_view(Vector2(at, response.step(at))), 5.0, Color(1.0, 0.7, 0.3))


func _box() -> Rect2:
	var all := points()
	var low := Vector2(INF, INF)
	var high := Vector2(-INF, -INF)
	for point in all:
		low = low.min(point)
		high = high.max(point)
	low.y = minf(low.y, 0.0)
	high.y = maxf(high.y, 1.0)
	return Rect2(low, (high - low).max(Vector2(1e-3, 1e-3)))


func _store() -> void:
	if _undo == null:
		return
	_undo.call(&"create_action", "Move a point of the response")
	_undo.call(&"add_do_property", _object, &"points", points())
	_undo.call(&"add_undo_property", _object, &"points", _before)
	_undo.call(&"commit_action")
