class_name DemoControls
extends RefCounted
## The demo's actions: keyboard, mouse and pad.

const _KEYS := {
	"demo_left": [KEY_A, KEY_LEFT],
	"demo_right": [KEY_D, KEY_RIGHT],
	"demo_up": [KEY_W, KEY_UP],
	"demo_down": [KEY_S, KEY_DOWN],
	"demo_fire": [KEY_SPACE],
	"demo_dash": [KEY_SHIFT],
}
const _AXES := {
	"demo_left": [JOY_AXIS_LEFT_X, -1.0],
	"demo_right": [JOY_AXIS_LEFT_X, 1.0],
	"demo_up": [JOY_AXIS_LEFT_Y, -1.0],
	"demo_down": [JOY_AXIS_LEFT_Y, 1.0],
	"demo_aim_left": [JOY_AXIS_RIGHT_X, -1.0],
	"demo_aim_right": [JOY_AXIS_RIGHT_X, 1.0],
	"demo_aim_up": [JOY_AXIS_RIGHT_Y, -1.0],
	"demo_aim_down": [JOY_AXIS_RIGHT_Y, 1.0],
	"demo_fire": [JOY_AXIS_TRIGGER_RIGHT, 1.0],
	"demo_dash": [JOY_AXIS_TRIGGER_LEFT, 1.0],
}


## Registers the actions once.
static func need() -> void:
	if InputMap.has_action("demo_fire"):
		return
	for action: String in _AXES:
		InputMap.add_action(action, 0.25)
		var axis := InputEventJoypadMotion.new()
		axis.axis = _AXES[action][0]
		axis.axis_value = _AXES[action][1]
		InputMap.action_add_event(action, axis)
		for code: Key in _KEYS.get(action, []):
			var key := InputEventKey.new()
			key.physical_keycode = code
			InputMap.action_add_event(action, key)
	var button := InputEventMouseButton.new()
	button.button_index = MOUSE_BUTTON_LEFT
	InputMap.action_add_event("demo_fire", button)
