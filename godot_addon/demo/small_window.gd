class_name DemoSmallWindow
extends Node
## Keeps texts readable in a small window: the picture shrinks with it, the texts less.
##
## Stages arrange their texts anew where [method is_narrow].

## Smallest scale of texts, against a window of the project's own size.
const LEAST_SCALE := 0.8
## Up to this width of the screen, in its own pixels, texts and panels are stacked.
const NARROW := 720.0


func _ready() -> void:
	get_window().size_changed.connect(_fit)
	_fit()


## The factor for a window of [param size] whose texts are made for [param base].
static func factor(size: Vector2, base: Vector2) -> float:
	var scale := minf(size.x / base.x, size.y / base.y)
	return maxf(1.0, LEAST_SCALE / maxf(scale, 0.1))


## Whether the screen of [param node] has one column only.
static func is_narrow(node: CanvasItem) -> bool:
	return node.get_viewport_rect().size.x <= NARROW


func _fit() -> void:
	var window := get_window()
	var wanted := factor(window.size, window.content_scale_size)
	if window.content_scale_size.x > 0 and not is_equal_approx(wanted, window.content_scale_factor):
		window.content_scale_factor = wanted
