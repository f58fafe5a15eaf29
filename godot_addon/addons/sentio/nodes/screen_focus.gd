class_name SentioScreenFocus
extends RefCounted
## Gives a screen the focus while it is shown, and back afterwards: without it a player with a
## gamepad or a keyboard could not reach it.

var _screen: Control
var _first: Control
var _before: Control


## From now on [param first] has the focus whenever [param screen] appears. Choose one that changes
## nothing: a button may be held down at that moment.
func follow(screen: Control, first: Control) -> void:
	_screen = screen
	_first = first
	screen.visibility_changed.connect(_on_visibility)
	screen.tree_exiting.connect(_give_back)
	_on_visibility()


func _on_visibility() -> void:
	if Engine.is_editor_hint() or not _screen.is_inside_tree():
		return
	if not _first.is_inside_tree():  # the screen has just entered the tree, its parts follow
		_on_visibility.call_deferred()
		return
	if not _screen.is_visible_in_tree():
		_give_back()
		return
	var owner := _screen.get_viewport().gui_get_focus_owner()
	if owner == null or not _screen.is_ancestor_of(owner):
		_before = owner
		_first.grab_focus()


func _give_back() -> void:
	var before := _before
	_before = null
	if not is_instance_valid(before) or not before.is_visible_in_tree():
		return
	var owner := before.get_viewport().gui_get_focus_owner()
	if owner == null or _screen.is_ancestor_of(owner):
		before.grab_focus()
