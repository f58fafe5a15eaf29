class_name DemoPersonal
extends CanvasLayer
## The screens before adaptation with a sidecar: the choice of sensors, consent, and a quiet minute.
## Shown over the menu.

const SCREENS := {
	"sensors": "res://addons/sentio/nodes/sensor_chooser.tscn",
	"consent": "res://addons/sentio/nodes/consent.tscn",
	"calibration": "res://addons/sentio/nodes/calibration.tscn",
}

var _veil := ColorRect.new()
var _middle := CenterContainer.new()

# The control that had the focus last.
var _focused: Control


func _init() -> void:
	layer = 40
	visible = false
	_veil.color = Color(0.01, 0.015, 0.03, 0.72)
	for part: Control in [_veil, _middle]:
		part.set_anchors_preset(Control.PRESET_FULL_RECT)
		add_child(part)


## Shows the screen [param name] of [constant SCREENS] for the sidecar of [param client].
func show_screen(wanted: String, client: SentioClient) -> void:
	close()
	var screen: Control = (load(SCREENS[wanted]) as PackedScene).instantiate()
	screen.set("client", client)
	var chooser := screen as SentioSensorChooser
	if chooser:
		chooser.launcher = client.get_node("Launcher") as SentioLauncher
		chooser.closed.connect(close.unbind(1))
	else:
		screen.connect("closed", close)
	_middle.add_child(screen)
	visible = true


## Closes the current screen, if any.
func close() -> void:
	for child in _middle.get_children():
		child.queue_free()
	visible = false


func _ready() -> void:
	get_viewport().gui_focus_changed.connect(_on_focus_changed)


# Behind a screen nothing takes the focus.
func _on_focus_changed(focused: Control) -> void:
	if not visible or _middle.is_ancestor_of(focused):
		_focused = focused
	elif is_instance_valid(_focused) and _middle.is_ancestor_of(_focused):
		_focused.grab_focus.call_deferred()


func _unhandled_input(pressed: InputEvent) -> void:
	if visible and pressed.is_action_pressed("ui_cancel"):
		get_viewport().set_input_as_handled()
		close()
