class_name LedgeSide
extends RefCounted
## The panel in the world: hold, back and down, by gaze or controller.

const PLAYER := "player"


## A control with the player's own three buttons for [param exposure].
static func make(exposure: SentioExposure) -> Control:
	var plate := PanelContainer.new()
	plate.theme = SentioPalette.theme(30)
	plate.add_theme_stylebox_override(
		"panel", SentioPalette.box(Color(SentioPalette.GROUND, 0.88), 36, 44.0)
	)
	var box := VBoxContainer.new()
	plate.add_child(box)
	box.alignment = BoxContainer.ALIGNMENT_CENTER
	box.add_theme_constant_override("separation", 26)
	var title := Label.new()
	title.text = "You decide"
	title.horizontal_alignment = HORIZONTAL_ALIGNMENT_CENTER
	box.add_child(title)
	_button(box, "Stay here", exposure.hold.bind(PLAYER))
	_button(box, "Go on", exposure.resume.bind(PLAYER))
	_button(box, "One step back", exposure.step_back.bind(PLAYER))
	_button(box, "Down to the ground", exposure.finish.bind(PLAYER))
	return plate


static func _button(box: Container, words: String, does: Callable) -> void:
	var button := Button.new()
	button.text = words
	button.custom_minimum_size = Vector2(0, 92)
	button.pressed.connect(does)
	box.add_child(button)
