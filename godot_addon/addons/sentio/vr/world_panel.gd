@icon("../icons/hud.svg")
class_name SentioWorldPanel
extends Node3D
## Shows any control in the world, within reach of gaze and controller: consent, overlay, the line
## about what adapts.
##
## It stays where it is put until the player has turned away for [member follow_after] seconds, and
## then appears before them: it is never fixed to the head. Gaze selects after
## [member dwell_seconds], which a ring shows, and scrolls a list at its edges; a controller selects
## with its trigger.

## Share of a list's height, at its upper and lower edge, in which the gaze scrolls it.
const SCROLL_EDGE := 0.2
## Pixels a second that the gaze scrolls.
const SCROLL_SPEED := 140.0

## The scene of the control, such as [code]consent.tscn[/code]; or use [method show_control].
@export var scene: PackedScene
## Size in the world.
@export var width := 0.9
## Pixels of the control. With the width they give the size of its letters: these have 15 px letters
## 19 mm tall at a metre, which a headset can show.
@export var pixels := Vector2i(640, 520)
## Distance from the player: near enough to read and reach, far enough to focus on.
@export_range(0.4, 3.0, 0.05, "suffix:m") var distance := 1.1
## Height below the eyes.
@export_range(-1.0, 1.0, 0.05, "suffix:m") var below := 0.15
## Seconds of gaze that press a button; 0 switches gaze off.
@export_range(0.0, 5.0, 0.1, "suffix:s") var dwell_seconds := 1.3
## Seconds of looking away after which it moves before the player; 0 for never.
@export_range(0.0, 60.0, 0.5, "suffix:s") var follow_after := 2.0

## The control that is shown.
var control: Control
## How far the gaze has pressed, 0..1.
var dwell := 0.0

var _view := SubViewport.new()
var _face := MeshInstance3D.new()
var _ring := SentioGazeRing.new()
var _away := 0.0
var _scrolled := 0.0
var _at := Vector2(-1, -1)
var _pressed := false
var _armed := true


func _init() -> void:
	_view.transparent_bg = true
	_view.render_target_update_mode = SubViewport.UPDATE_ALWAYS
	_view.gui_embed_subwindows = true
	_view.add_child(_ring)
	add_child(_view)
	add_child(_face)


func _ready() -> void:
	_view.size = pixels
	var quad := QuadMesh.new()
	quad.size = Vector2(width, width * pixels.y / pixels.x)
	_face.mesh = quad
	var paint := StandardMaterial3D.new()
	paint.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
	paint.transparency = BaseMaterial3D.TRANSPARENCY_ALPHA
	paint.albedo_texture = _view.get_texture()
	paint.cull_mode = BaseMaterial3D.CULL_DISABLED
	_face.material_override = paint
	if scene:
		show_control(scene.instantiate() as Control)


## Shows [param shown], which the panel owns from now on. It fills the panel; a [SentioWhy] keeps
## the size of its line.
func show_control(shown: Control) -> void:
	if control:
		control.queue_free()
	control = shown
	_view.add_child(shown)
	if shown is SentioWhy:
		shown.grow_horizontal = Control.GROW_DIRECTION_BOTH
		shown.grow_vertical = Control.GROW_DIRECTION_BOTH
		shown.set_anchors_and_offsets_preset(Control.PRESET_CENTER)
	else:
		shown.set_anchors_and_offsets_preset(Control.PRESET_FULL_RECT)


## Puts it before a player whose eyes are at [param eyes]; level, facing them.
func place(eyes: Transform3D) -> void:
	var ahead := -eyes.basis.z * Vector3(1, 0, 1)
	if ahead.length_squared() < 1e-6:
		ahead = Vector3.FORWARD
	ahead = ahead.normalized()
	var at := eyes.origin + ahead * distance + Vector3.DOWN * below
	global_transform = Transform3D(Basis.looking_at(ahead), at)
	_away = 0.0


## Advances by [param delta] seconds for a player whose eyes are at [param eyes].
func follow(eyes: Transform3D, delta: float) -> void:
	var time := SentioElapsed.of(SentioElapsed.real(delta))
	var to_panel := (global_position - eyes.origin).normalized()
	var seen := (-eyes.basis.z).dot(to_panel) > cos(deg_to_rad(50.0))
	_away = 0.0 if seen else _away + time
	if follow_after > 0.0 and _away > follow_after:
		place(eyes)


## Points at the panel from [param origin] along [param along]; [param pressed] is the trigger.
## Returns the pixel that is hit, or (-1, -1).
func point(origin: Vector3, along: Vector3, pressed: bool) -> Vector2:
	var at := hit(origin, along)
	_ring.show_point(at, dwell if _armed else 0.0)
	if at.x < 0.0:
		_release()
		if _at.x >= 0.0:
			_view.notification(NOTIFICATION_VP_MOUSE_EXIT)
		_at = at
		return at
	if _at.x < 0.0:
		_view.notification(NOTIFICATION_VP_MOUSE_ENTER)
	if at != _at:
		var moved := InputEventMouseMotion.new()
		moved.position = at
		moved.global_position = at
		_view.push_input(moved)
	_at = at
	if pressed != _pressed:
		_press(pressed)
	return at


## Points with the gaze: a button that is looked at for [member dwell_seconds] is pressed once.
func gaze(origin: Vector3, along: Vector3, delta: float) -> void:
	var before := _view.gui_get_hovered_control()
	var at := point(origin, along, false)
	var time := SentioElapsed.of(SentioElapsed.real(delta))
	var hovered := _view.gui_get_hovered_control()
	var on := hovered as BaseButton
	var scrolls := at.x >= 0.0 and dwell_seconds > 0.0 and _scroll(hovered, at.y, time)
	if at.x < 0.0 or dwell_seconds <= 0.0 or on == null or on.disabled or scrolls:
		dwell = 0.0
		_armed = true
		_ring.show_point(at, 0.0)
		return
	if on != before:
		dwell = 0.0
		_armed = true
	dwell = minf(1.0, dwell + time / dwell_seconds)
	_ring.show_point(at, dwell if _armed else 0.0)
	if dwell >= 1.0 and _armed:
		_armed = false
		_press(true)
		_press(false)


## The pixel that a ray hits, or (-1, -1).
func hit(origin: Vector3, along: Vector3) -> Vector2:
	var missed := Vector2(-1, -1)
	var plane := Plane(global_basis.z.normalized(), global_position)
	var found: Variant = plane.intersects_ray(origin, along.normalized())
	if not found is Vector3:
		return missed
	var there: Vector3 = found
	var place_on := global_transform.affine_inverse() * there
	var size := Vector2(width, width * pixels.y / pixels.x)
	var share := Vector2(place_on.x / size.x + 0.5, 0.5 - place_on.y / size.y)
	if not Rect2(0, 0, 1, 1).has_point(share):
		return missed
	return share * Vector2(pixels)


# Scrolls the list around [param on] if [param y] is near its edge; returns whether it moved.
func _scroll(on: Control, y: float, time: float) -> bool:
	var list := on
	while list and list is not ScrollContainer:
		list = list.get_parent_control()
	if list == null:
		return false
	var scroll := list as ScrollContainer
	var share := (y - scroll.get_global_rect().position.y) / maxf(scroll.size.y, 1.0)
	if share > SCROLL_EDGE and share < 1.0 - SCROLL_EDGE:
		return false
	var before := scroll.scroll_vertical
	_scrolled += SCROLL_SPEED * time
	scroll.scroll_vertical += floori(_scrolled) * (1 if share > 0.5 else -1)
	var moved := scroll.scroll_vertical != before
	_scrolled = fposmod(_scrolled, 1.0)
	return moved


func _press(down: bool) -> void:
	_pressed = down
	var button := InputEventMouseButton.new()
	button.button_index = MOUSE_BUTTON_LEFT
	button.pressed = down
	button.position = _at
	button.global_position = _at
	_view.push_input(button)


func _release() -> void:
	dwell = 0.0
	if _pressed:
		_press(false)
