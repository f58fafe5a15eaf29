extends DemoStage
## The first screen: selects stage, affect source and adaptation.

const CARDS := [
	["arena", "Emberfield", "A small survival game that paces itself by you."],
	["corridor", "Night corridor", "A dark walk that learns what startles you."],
	["garden", "Breathing garden", "Breathe with the light and the garden opens."],
	["ledge", "The ledge", "Height in steps, with someone who can hold it."],
	["character", "Companion", "A face that mirrors you, or answers."],
	["inspector", "Inspector", "Every value live, for the curious."],
]
## Width of the bar beside the menu, pixels.
const SCROLL_BAR := 14.0
const SOURCES: Array[String] = ["Simulator", "Running sidecar", "Recording"]

var _flow := 0.0
var _dialog: FileDialog
var _personal := DemoPersonal.new()

@onready var _sky: ColorRect = %Sky
@onready var _margin: MarginContainer = %Margin
@onready var _cards: HFlowContainer = %Cards
@onready var _sources: HBoxContainer = %Sources
@onready var _link: Label = %Link
@onready var _adaptation: CheckButton = %Adaptation
@onready var _flashing: CheckButton = %Flashing
@onready var _explain: CheckButton = %Explain
@onready var _sensors: Button = %Sensors
@onready var _consent: Button = %Consent
@onready var _calibration: Button = %Calibration
@onready var _hint: Label = %Hint


func _ready() -> void:
	need_session()
	(%Screen as Control).theme = SentioPalette.theme(14)
	(%Title as Label).add_theme_font_override("font", SentioPalette.font(0.9))
	for index in CARDS.size():
		var card := DemoCard.new()
		card.set_up(index, CARDS[index][1], CARDS[index][2])
		card.pressed.connect(open.emit.bind(CARDS[index][0]))
		_cards.add_child(card)
	(_cards.get_child(0) as Control).grab_focus()
	_build_sources()
	_adaptation.button_pressed = session.settings.adaptation
	_flashing.button_pressed = session.settings.reduced_flashing
	_explain.button_pressed = session.settings.explain
	_explain.toggled.connect(_on_explain)
	_adaptation.toggled.connect(_on_adaptation)
	_flashing.toggled.connect(_on_flashing)
	add_child(_personal)
	_sensors.pressed.connect(show_personal.bind("sensors"))
	_consent.pressed.connect(show_personal.bind("consent"))
	_calibration.pressed.connect(show_personal.bind("calibration"))
	get_viewport().size_changed.connect(_fit)
	_fit()
	# The first card has the focus; the screen begins at the top all the same.
	get_tree().process_frame.connect(_show_top, CONNECT_ONE_SHOT)


func _process(delta: float) -> void:
	var mood := session.mood
	_flow += delta * (0.7 + 0.5 * mood.arousal)
	var shader: ShaderMaterial = _sky.material
	shader.set_shader_parameter("flow", _flow)
	shader.set_shader_parameter("valence", mood.valence)
	shader.set_shader_parameter("arousal", mood.arousal)
	shader.set_shader_parameter("aspect", _sky.size.x / _sky.size.y)
	if is_instance_valid(session.feed):
		_link.text = "●  " + session.feed.link_reason
		_link.add_theme_color_override("font_color", SentioPalette.of_link(session.feed.link))
	for button: Button in [_sensors, _consent, _calibration]:
		button.visible = session.feed is SentioClient
	_hint.visible = session.feed is SentioSimulator


## Shows the screen [param screen] of [DemoPersonal]; only with a sidecar.
func show_personal(screen: String) -> void:
	var client := session.feed as SentioClient
	if client:
		_personal.show_screen(screen, client)


func _show_top() -> void:
	(%Scroll as ScrollContainer).scroll_vertical = 0


# In a narrow window the cards stand in two columns, and the menu scrolls.
func _fit() -> void:
	var narrow := DemoSmallWindow.is_narrow(_sky)
	for side: String in ["margin_left", "margin_right"]:
		_margin.add_theme_constant_override(side, 16 if narrow else 64)
	(%Title as Label).add_theme_font_size_override("font_size", 56 if narrow else 84)
	_hint.horizontal_alignment = (
		HORIZONTAL_ALIGNMENT_LEFT if narrow else HORIZONTAL_ALIGNMENT_RIGHT
	)
	_hint.custom_minimum_size.x = 300.0 if narrow else 500.0
	var room := _sky.get_viewport_rect().size.x - 32.0 - SCROLL_BAR
	var width := minf(0.5 * (room - 12.0), DemoCard.SIZE.x) if narrow else DemoCard.SIZE.x
	for card: DemoCard in _cards.get_children():
		card.fit(width)


func _build_sources() -> void:
	var group := ButtonGroup.new()
	for index in SOURCES.size():
		var choice := Button.new()
		choice.text = SOURCES[index]
		choice.toggle_mode = true
		choice.button_group = group
		choice.button_pressed = session.settings.source == index
		choice.pressed.connect(_on_source.bind(index))
		_sources.add_child(choice)


func _on_source(index: int) -> void:
	if index == DemoSettings.Source.RECORDING:
		_choose_recording()
		return
	_use(index as DemoSettings.Source)


func _use(source: DemoSettings.Source) -> void:
	session.settings.source = source
	session.settings.write()
	session.connect_source()


func _choose_recording() -> void:
	if not _dialog:
		_dialog = FileDialog.new()
		_dialog.access = FileDialog.ACCESS_FILESYSTEM
		_dialog.file_mode = FileDialog.FILE_MODE_OPEN_FILE
		_dialog.current_dir = DemoSources.examples()
		_dialog.title = "Choose a recording (sentio export FOLDER --to frames)"
		_dialog.add_filter("*.frames", "Sentio frame files")
		_dialog.file_selected.connect(_on_recording)
		add_child(_dialog)
	_dialog.popup_centered(Vector2i(760, 500))


func _on_recording(path: String) -> void:
	session.settings.recording = path
	_use(DemoSettings.Source.RECORDING)


func _on_adaptation(on: bool) -> void:
	session.set_adaptation(on)
	session.settings.write()


func _on_flashing(on: bool) -> void:
	session.settings.reduced_flashing = on
	session.settings.write()


func _on_explain(on: bool) -> void:
	session.settings.explain = on
	session.settings.write()
