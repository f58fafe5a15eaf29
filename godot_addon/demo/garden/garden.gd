extends DemoStage
## The breathing garden: breathe with the orb; as coherence grows, the garden grows and the day
## begins. With adaptation off it grows with time. Shown in a headset if there is one.

## Shortest time to full growth in seconds.
const GROWTH_SECONDS := 90.0
## Rate of decline without coherence, relative to the rate of growth.
const WITHER := 0.15
## Assumed coherence without adaptation.
const UNADAPTED := 0.6

## Seconds for which the introduction is shown.
const HINT_SECONDS := 14.0

## Opacity of the hint's outline: white words alone cannot be read over the water by day.
const OUTLINE := 0.85

## Text for each stage.
const WORDS := {
	SentioBreathingPace.BreathStage.INHALE: "breathe in",
	SentioBreathingPace.BreathStage.HOLD: "hold",
	SentioBreathingPace.BreathStage.EXHALE: "breathe out",
	SentioBreathingPace.BreathStage.REST: "rest",
}

var _growth := 0.12
var _glow := 0.2
var _clock := 0.0
var _in_headset := false

@onready var _land: GardenLand = %Land
@onready var _meadow: GardenMeadow = %Meadow
@onready var _orb: MeshInstance3D = %Orb
@onready var _halo: Sprite3D = %Halo
@onready var _lamp: OmniLight3D = %Lamp
@onready var _cue: Label3D = %Cue
@onready var _hint: Label3D = %Hint
@onready var _camera: Camera3D = %Camera
@onready var _music: DemoMusic = %Music
@onready var _breath: SentioBreathing = %Breath


func _ready() -> void:
	need_session()
	_breath.source = session.feed
	session.feed_changed.connect(func(feed: SentioFeed) -> void: _breath.source = feed)
	_in_headset = GardenHeadset.take(get_viewport(), %Eyes as XRCamera3D)
	if not _in_headset:
		_camera.make_current()
	_cue.font = SentioPalette.font(0.3)
	_hint.font = _cue.font
	_hint.text = "As your heart follows your breath, the garden opens."
	if not session.settings.adaptation:
		_hint.text = "Breathe with the light. The garden opens with time."
	session.play("recovery")
	session.mark(&"exercise_began")


func _exit_tree() -> void:
	session.mark(&"exercise_ended", {"growth": _growth})
	if _in_headset:
		GardenHeadset.give_back(get_viewport())


func _process(delta: float) -> void:
	_clock += delta
	var together := UNADAPTED
	if session.settings.adaptation:
		together = 0.0 if is_nan(_breath.coherence) else _breath.coherence
	_growth += delta / GROWTH_SECONDS * (together - WITHER * (1.0 - together)) * 1.6
	_growth = clampf(_growth, 0.08, 1.0)
	_glow = lerpf(_glow, together, 1.0 - exp(-0.8 * delta))
	var day := 0.8 * smoothstep(0.05, 0.95, _growth)
	_land.show_day(_growth, day, _breath.volume, _glow)
	_meadow.show_growth(_growth, day, _breath.volume)
	_show_orb()
	_music.intensity = 0.06 + 0.1 * _growth
	_music.valence = 0.4
	if not _in_headset:
		_camera.position = Vector3(0.35 * sin(0.11 * _clock), 1.95 + 0.05 * sin(0.23 * _clock), 8.2)


func _show_orb() -> void:
	var full := _breath.volume
	_orb.scale = Vector3.ONE * lerpf(0.62, 1.12, full)
	_orb.position.y = 1.75 + 0.22 * full
	var pearl: ShaderMaterial = _orb.material_override
	pearl.set_shader_parameter("breath", full)
	pearl.set_shader_parameter("glow", _glow)
	_halo.position.y = _orb.position.y
	_halo.pixel_size = 0.02 + 0.012 * full
	_halo.modulate.a = 0.22 + 0.3 * _glow
	_lamp.position.y = _orb.position.y
	_lamp.light_energy = 0.8 + 1.6 * _glow * (0.6 + 0.4 * full)
	_cue.text = WORDS[_breath.stage]
	_cue.modulate.a = 0.95
	_hint.modulate.a = clampf(HINT_SECONDS - _clock, 0.0, 1.0)
	_hint.outline_modulate.a = OUTLINE * _hint.modulate.a
