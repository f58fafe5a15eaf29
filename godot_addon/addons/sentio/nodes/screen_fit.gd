class_name SentioScreenFit
extends RefCounted
## Fits a screen into its window: when it appears, when the window or its own content changes, and
## in another window.

## Height that stays free around a screen, pixels.
const AROUND := 16.0

var _screen: Control
var _fit: Callable
var _window: Viewport


## From now on [param fit] is called whenever [param screen] may not fit.
func follow(screen: Control, fit: Callable) -> void:
	_screen = screen
	_fit = fit
	# Deferred: a text has its height once it has its width.
	screen.minimum_size_changed.connect(_refit, CONNECT_DEFERRED)
	screen.tree_entered.connect(_on_entered)
	screen.tree_exiting.connect(_on_exiting)
	_on_entered()


## The pixels that [param screen] may take: its window's, or those of a control around it that is
## not a container.
static func room_of(screen: Control) -> Vector2:
	var room := screen.get_viewport_rect().size
	var around := screen.get_parent_control()
	if around and around is not Container and around.size.x > 0.0 and around.size.y > 0.0:
		room = room.min(around.size)
	return room


## Fits [param screen] into [method room_of]: its width, and the height of [param list], which
## scrolls. What does not scroll keeps its room; its texts take more lines in a narrow window.
## [param widths] and [param heights] have the least and the largest one.
static func fit_list(screen: Control, list: Control, widths: Vector2, heights: Vector2) -> void:
	# A reply may arrive while the screen is outside; it fits when it comes back.
	if not screen.is_inside_tree():
		return
	var room := room_of(screen)
	screen.custom_minimum_size.x = clampf(room.x - 20.0, widths.x, widths.y)
	var around := screen.get_combined_minimum_size().y - list.custom_minimum_size.y
	var height := clampf(room.y - around - AROUND, heights.x, heights.y)
	if not is_equal_approx(height, list.custom_minimum_size.y):
		list.custom_minimum_size.y = height
	shrink(screen)


## Gives [param screen] its least size from now on, where it is not anchored to fill what is around
## it. A size that is set would stay as large as the texts were at that moment.
static func shrink(screen: Control) -> void:
	if screen.get_parent() is Container:
		return
	if screen.anchor_right <= screen.anchor_left:
		var x := _kept(screen.grow_horizontal, screen.offset_left, screen.offset_right)
		screen.offset_left = x
		screen.offset_right = x
	if screen.anchor_bottom <= screen.anchor_top:
		var y := _kept(screen.grow_vertical, screen.offset_top, screen.offset_bottom)
		screen.offset_top = y
		screen.offset_bottom = y


static func _kept(grows: Control.GrowDirection, first: float, last: float) -> float:
	match grows:
		Control.GROW_DIRECTION_BEGIN:
			return last
		Control.GROW_DIRECTION_BOTH:
			return 0.5 * (first + last)
	return first


func _on_entered() -> void:
	_window = _screen.get_viewport()
	_window.size_changed.connect(_refit)
	_refit()


func _on_exiting() -> void:
	_window.size_changed.disconnect(_refit)


func _refit() -> void:
	if is_instance_valid(_screen) and _screen.is_inside_tree():
		_fit.call()
