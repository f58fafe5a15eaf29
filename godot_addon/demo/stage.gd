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


## The session; created if the stage runs alone.
func need_session() -> DemoSession:
	if not session:
		session = DemoSession.new()
		add_child(session)
	return session


func _unhandled_input(pressed: InputEvent) -> void:
	if pressed.is_action_pressed("ui_cancel"):
		get_viewport().set_input_as_handled()
		leave.emit()
