class_name GardenHeadset
extends RefCounted
## Shows the garden in a headset if OpenXR has one; otherwise on the desktop.
##
## OpenXR is started by the engine: run with [code]--xr-mode on[/code], or switch
## [code]xr/openxr/enabled[/code] on in the project settings of a VR export.


## Switches [param viewport] to the headset and makes [param eyes] current; false if there is none.
static func take(viewport: Viewport, eyes: XRCamera3D) -> bool:
	var openxr := XRServer.find_interface("OpenXR")
	if not openxr or not openxr.is_initialized():
		return false
	DisplayServer.window_set_vsync_mode(DisplayServer.VSYNC_DISABLED)
	viewport.use_xr = true
	eyes.current = true
	return true


## Switches [param viewport] back to the desktop.
static func give_back(viewport: Viewport) -> void:
	viewport.use_xr = false
