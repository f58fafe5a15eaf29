@icon("../icons/consent.svg")
class_name SentioWithdrawKey
extends Node
## Withdraws all consent at the press of a key or of an input action, also while the game is paused.
##
## [SentioConsent] has one of its own; add one to a scene without that dialog. The key is
## [constant KEY_F9] unless [member key] names another. If the project has the action
## [member action], that acts too: map a controller's button to it.

## All consent was withdrawn, or that failed; [param error] is null if it did not fail.
signal withdrawn(error: SentioError)

## The client whose sidecar keeps the consent; empty for the nearest one.
@export var client: SentioClient
## The key; [constant KEY_NONE] for none.
@export var key := KEY_F9
## Input action that acts as the key, if the project has it.
@export var action := &"sentio_withdraw_all"


func _init() -> void:
	process_mode = Node.PROCESS_MODE_ALWAYS


func _input(event: InputEvent) -> void:
	if _is_pressed(event):
		withdraw()


## Withdraws all consent for all sensors at once.
func withdraw() -> void:
	var chosen := (
		client if is_instance_valid(client) else SentioFeedFinder.near(self) as SentioClient
	)
	if chosen == null:
		withdrawn.emit(SentioError.new("closed", "there is no client", "set 'client'"))
		return
	var reply := await chosen.withdraw_all().wait()
	withdrawn.emit(reply.error)


func _is_pressed(event: InputEvent) -> bool:
	var pressed := event as InputEventKey
	if pressed and key != KEY_NONE and pressed.keycode == key:
		return pressed.pressed and not pressed.echo
	return InputMap.has_action(action) and event.is_action_pressed(action)
