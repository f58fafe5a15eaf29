@icon("../icons/hud.svg")
class_name SentioHud
extends CanvasLayer
## Developer overlay with all data of a feed; toggled with one key.
##
## Add [code]hud.tscn[/code] to a scene and set [member feed], or leave it empty to follow the first
## feed found in the tree.

## Pixels around the overlay.
const MARGIN := 16.0

## The feed that is shown.
@export var feed: SentioFeed:
	set(value):
		feed = value
		if is_node_ready():
			_panel.follow(feed)
## The key that hides and shows the overlay.
@export var toggle_key := KEY_F3

var _waited := 0.0
var _room := SentioScreenFit.new()

@onready var _panel: SentioHudPanel = %Panel


func _ready() -> void:
	if not feed:
		feed = _first_feed(get_tree().root)
	_panel.follow(feed)
	_panel.resized.connect(_fit)
	_room.follow(_panel, _fit)


# The next feed, where there is none yet or the one that was shown is gone.
func _process(delta: float) -> void:
	if is_instance_valid(feed) or not visible:
		return
	if _panel.shows_feed():
		_panel.follow(null)
	_waited += SentioElapsed.real(delta)
	if _waited >= SentioFeedFinder.SEARCH_SECONDS:
		_waited = 0.0
		feed = _first_feed(get_tree().root)


func _unhandled_key_input(pressed: InputEvent) -> void:
	var key := pressed as InputEventKey
	if key and key.pressed and not key.echo and key.keycode == toggle_key:
		visible = not visible


# Smaller where the window has no room for all of it.
func _fit() -> void:
	var room := _panel.get_viewport_rect().size - 2.0 * Vector2(MARGIN, MARGIN)
	var share := room / _panel.size.max(Vector2.ONE)
	# It is at the other side where people write from right to left.
	_panel.pivot_offset.x = 0.0 if _panel.is_layout_rtl() else _panel.size.x
	_panel.scale = Vector2.ONE * clampf(minf(share.x, share.y), 0.1, 1.0)


func _first_feed(from: Node) -> SentioFeed:
	if from is SentioFeed:
		return from
	for child in from.get_children():
		var found := _first_feed(child)
		if found:
			return found
	return null
