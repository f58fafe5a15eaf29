@tool
@icon("../icons/hud.svg")
class_name SentioHeadset
extends Node
## Shows a scene in a headset if OpenXR has one, and on the desktop when its session ends.
##
## OpenXR is started by the engine: run with [code]--xr-mode on[/code], or switch
## [code]xr/openxr/enabled[/code] on in the project settings of a VR export.

## The headset shows the scene.
signal entered
## The scene is on the desktop again; [param why] is [code]left[/code], [code]lost[/code] or
## [code]stopped[/code].
signal exited(why: StringName)
## Deprecated: the former name of [signal exited]; to be removed in the next version.
signal came_back(why: StringName)
## The player recentred: put panels before them again.
signal recentred

## The player's eyes in the headset.
@export var eyes: XRCamera3D:
	set(node):
		eyes = node
		update_configuration_warnings()
## The desktop's camera; empty if there is none.
@export var desktop: Camera3D

## Whether the headset shows the scene.
var active := false

var _openxr: XRInterface


func _exit_tree() -> void:
	if active:
		leave()


func _get_configuration_warnings() -> PackedStringArray:
	return [] if eyes else ["Choose the eyes: the XRCamera3D below an XROrigin3D."]


## Switches to the headset; false if there is none.
func enter() -> bool:
	if not is_instance_valid(eyes):
		push_warning("SentioHeadset: no eyes are chosen, so the scene stays on the desktop")
		return false
	_openxr = XRServer.find_interface("OpenXR")
	if _openxr == null or not _openxr.is_initialized():
		return false
	_connect(_openxr)
	DisplayServer.window_set_vsync_mode(DisplayServer.VSYNC_DISABLED)
	get_viewport().use_xr = true
	eyes.current = true
	active = true
	entered.emit()
	return true


## Switches to the desktop.
func leave() -> void:
	_end(&"left")


## Acts on the runtime's signals of [param openxr]; called by [method enter].
func _connect(openxr: XRInterface) -> void:
	var actions: Dictionary[StringName, Callable] = {
		&"session_loss_pending": _on_lost,
		&"instance_exiting": _on_lost,
		&"session_stopping": _on_stopping,
		&"pose_recentered": _on_recentred,
	}
	for named in actions:
		if openxr.has_signal(named) and not openxr.is_connected(named, actions[named]):
			openxr.connect(named, actions[named])


func _on_lost() -> void:
	_end(&"lost")


func _on_stopping() -> void:
	_end(&"stopped")


# The play space turns; the scene's horizon and height stay.
func _on_recentred() -> void:
	XRServer.center_on_hmd(XRServer.RESET_BUT_KEEP_TILT, true)
	recentred.emit()


func _end(why: StringName) -> void:
	if not active:
		return
	active = false
	if is_inside_tree():
		get_viewport().use_xr = false
	if is_instance_valid(desktop):
		desktop.current = true
	exited.emit(why)
	if not came_back.get_connections().is_empty():
		SentioDeprecated.warn("SentioHeadset.came_back", "exited")
		came_back.emit(why)
