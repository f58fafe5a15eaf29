class_name DemoStage
extends Node
## A scene of the demo. It is given a session before it enters the tree.
##
## Started on its own (F6 in the editor), it makes itself a session with the simulator.

## The player wants back to the menu.
signal leave
## The player chose a stage; only the menu asks.
signal open(name: String)

## Settings, feed and mood that all stages share.
var session: DemoSession
## Plays itself: for pictures and tests.
var autoplay := false


## The session; made on the spot where the stage runs alone.
func need_session() -> DemoSession:
	if not session:
		session = DemoSession.new()
		add_child(session)
	return session


func _unhandled_input(pressed: InputEvent) -> void:
	if pressed.is_action_pressed("ui_cancel"):
		get_viewport().set_input_as_handled()
		leave.emit()
