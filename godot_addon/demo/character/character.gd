extends DemoStage
## The companion: a face that mirrors the player or responds, with gaze and posture.
## With adaptation off it idles.

var _reply := CompanionReply.new()
var _gaze := CompanionGaze.new()
var _synthesis := CompanionSynthesis.new()
var _activation := 0.0

@onready var _face: CompanionFace = %Face
@onready var _expression: SentioExpression = %Expression
@onready var _body: CompanionBody = %Body
@onready var _backdrop: MeshInstance3D = %Backdrop
@onready var _key: DirectionalLight3D = %Key
@onready var _caption: Label = %Caption
@onready var _music: DemoMusic = %Music


func _ready() -> void:
	need_session()
	_face.get_parent().remove_child(_face)
	_body.carry(_face)
	_expression.face = _face
	# After the expression, so that blinks are not overwritten.
	process_priority = 10
	var plate := SentioPalette.box(Color(SentioPalette.GROUND, 0.72), 20, 10.0)
	plate.content_margin_left = 22.0
	plate.content_margin_right = 22.0
	(%Plate as Control).add_theme_stylebox_override("panel", plate)
	get_viewport().size_changed.connect(_show_mode)
	_show_mode()


func _process(delta: float) -> void:
	var mood := session.mood
	var place := _reply.target(mood.valence, mood.arousal)
	_gaze.contact = clampf(0.72 + 0.2 * place.x, 0.4, 0.95)
	_gaze.blinks = 13.0 + 9.0 * maxf(place.y, 0.0)
	_gaze.advance(delta)
	_synthesis.advance(delta, session.feed, place)
	var wanted := _synthesis.weights
	if wanted.is_empty():
		wanted = CompanionShapes.show(_reply.emotions(place))
	_expression.apply_weights(wanted)
	_show_gaze()
	_body.arousal = place.y
	_body.lean = clampf(0.5 * place.x, -0.6, 0.6)
	_body.expansion = clampf(0.6 * place.x + 0.3 * place.y, -1.0, 1.0)
	_body.look = Vector2(0.10 * _gaze.at.y + 0.06 * place.x, 0.22 * _gaze.at.x)
	_body.breaths = 11.0 + 6.0 * maxf(place.y, 0.0)
	_activation = place.y
	_colour(place)


## How activated the face is, 0..1, for tests.
func demand() -> float:
	return 0.5 + 0.5 * _activation


func _unhandled_input(pressed: InputEvent) -> void:
	if pressed.is_action_pressed("ui_focus_next") or pressed.is_action_pressed("ui_accept"):
		_reply.mirrors = not _reply.mirrors
		_show_mode()
		return
	super(pressed)


# The eyes move and blink directly; the expression eases all other shapes.
func _show_gaze() -> void:
	var weights := _gaze.weights()
	for shape: String in weights:
		var weight: float = maxf(weights[shape], _expression.weight(shape))
		_face.set_blend_shape_value(_face.find_blend_shape_by_name(shape), weight)


func _colour(place: Vector2) -> void:
	var warm := clampf(0.5 + 0.6 * place.x, 0.0, 1.0)
	var tone := Color(0.20, 0.30, 0.58).lerp(Color(0.86, 0.42, 0.42), warm)
	tone = tone.lerp(Color(0.42, 0.30, 0.66), 0.35 - 0.25 * place.y)
	var shader: ShaderMaterial = _backdrop.material_override
	shader.set_shader_parameter("upper", tone)
	shader.set_shader_parameter("lower", tone.darkened(0.72))
	_key.light_color = Color(0.86, 0.92, 1.0).lerp(Color(1.0, 0.92, 0.82), warm)
	_face.complexion.set_shader_parameter(
		"blush", clampf(0.25 + 0.5 * place.x + 0.2 * place.y, 0.05, 1.0)
	)
	_music.intensity = clampf(0.12 + 0.25 * place.y, 0.05, 0.4)
	_music.valence = place.x


func _show_mode() -> void:
	var parts := ["Adaptation is off", "Esc: menu"]
	if session.settings.adaptation:
		var mode := "mirrors you" if _reply.mirrors else "answers you"
		var other := "let it answer" if _reply.mirrors else "let it mirror"
		parts = ["It " + mode, "Tab: " + other, "Esc: menu"]
	var narrow := DemoSmallWindow.is_narrow(_caption)
	_caption.text = ("\n" if narrow else "     ·     ").join(parts)
