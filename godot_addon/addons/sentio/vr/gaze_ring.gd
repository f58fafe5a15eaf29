class_name SentioGazeRing
extends Control
## The point of a [SentioWorldPanel] that the player points at, and how far the gaze has pressed.

## Radius of the ring, pixels of the panel.
const RADIUS := 24.0

var _at := Vector2(-1, -1)
var _share := 0.0


func _init() -> void:
	mouse_filter = Control.MOUSE_FILTER_IGNORE
	z_index = RenderingServer.CANVAS_ITEM_Z_MAX
	set_anchors_preset(Control.PRESET_FULL_RECT)


## Shows the pixel [param at], none if it is negative, and [param share], 0..1, of a press.
func show_point(at: Vector2, share: float) -> void:
	if at == _at and share == _share:
		return
	_at = at
	_share = share
	queue_redraw()


func _draw() -> void:
	if _at.x < 0.0:
		return
	draw_circle(_at, 7.0, Color(SentioPalette.GROUND, 0.8), true, -1.0, true)
	draw_circle(_at, 4.5, SentioPalette.TEXT, true, -1.0, true)
	if _share > 0.0:
		draw_arc(_at, RADIUS, 0.0, TAU, 48, Color(SentioPalette.GROUND, 0.8), 9.0, true)
		var top := -0.5 * PI
		draw_arc(_at, RADIUS, top, top + TAU * _share, 48, SentioPalette.TEAL, 5.0, true)
