class_name DemoStage
extends Node
## A stage of the demo. Set its session before it enters the tree.
##
## Run alone (F6 in the editor), it creates a session with the simulator.

## The player returns to the menu.
signal leave
## The player selected a stage; emitted by the menu only.
@warning_ignore("unused_signal")
signal open(name: String)

## Settings, feed and mood that all stages share.
var session: DemoSession
## Plays automatically, for pictures and tests.
var autoplay := false

var _why: SentioWhy
# The page after a round.
var _page: DemoResults


## The session; created if the stage runs alone.
func need_session() -> DemoSession:
	if not session:
		session = DemoSession.new()
		add_child(session)
	return session


## Shows a line at the bottom of [param screen] about what adapts and why, in the words of
## [param words], without what is in [param quiet]; not while [param results] are shown. F4 switches
## it.
func explain(
	screen: Node,
	words: Dictionary[StringName, String],
	results: DemoResults = null,
	quiet: Array[StringName] = []
) -> void:
	var why := SentioWhy.new()
	why.name = "Why"
	why.words = words
	why.excluded = quiet
	why.source = session.feed
	why.theme = SentioPalette.theme(15)
	why.set_anchors_and_offsets_preset(
		Control.PRESET_CENTER_BOTTOM, Control.PRESET_MODE_MINSIZE, 26
	)
	why.grow_horizontal = Control.GROW_DIRECTION_BOTH
	why.grow_vertical = Control.GROW_DIRECTION_BEGIN
	screen.add_child(why)
	_why = why
	_page = results
	if results:
		results.visibility_changed.connect(_show_why)
	_show_why()
	# A method, not a lambda: the connection ends with this stage.
	session.feed_changed.connect(_explain_feed)


func _show_why() -> void:
	_why.show_line = session.settings.explain and not (_page and _page.visible)


func _explain_feed(feed: SentioFeed) -> void:
	_why.source = feed


func _unhandled_input(pressed: InputEvent) -> void:
	var key := pressed as InputEventKey
	if key and key.pressed and key.keycode == KEY_F4 and _why:
		session.settings.explain = not session.settings.explain
		session.settings.write()
		_show_why()
	if pressed.is_action_pressed("ui_cancel"):
		get_viewport().set_input_as_handled()
		leave.emit()
