extends DemoStage
## Night corridor: a walk in the dark that learns what startles the player.
##
## Each scare is a marker; the first response to it, two seconds later, states whether the player
## startled. Light, fog, sound and pace follow how hard it tries. Rails limit them, and E or Esc
## always leads out.

## Metres a second where it holds back and where it tries hardest, and length of a segment.
const PACE := Vector2(1.9, 1.1)
const SEGMENT := 6.0
const SEGMENTS := 7
## Half of the width, and the height.
const HALF := 1.6
const HEIGHT := 3.0
## Seconds for which a figure stays.
const FIGURE_SECONDS := 1.6
## Largest brightening of a scare, limited by the rails.
const GLARE := 2.2
const SECONDS := 180.0
const WHY: Dictionary[StringName, String] = {
	&"scares": "The corridor", &"lamps": "The lamps", &"freeze": "The corridor"
}

var _dread := CorridorDread.new()
var _course := DemoCourse.new()
var _results := DemoResults.new()
var _walked := 0.0
var _left := SECONDS
var _shown := 0.0
var _glare := 0.0
var _over := false
var _segments: Array[Node3D] = []
var _random := RandomNumberGenerator.new()
var _voice := CorridorSounds.new()
var _reporting := SentioReportGate.new()

@onready var _gloom := CorridorGloom.new((%World as WorldEnvironment).environment)
@onready var _eyes: Camera3D = %Eyes
@onready var _figure: Node3D = %Figure
@onready var _lantern: OmniLight3D = %Lantern
@onready var _rails: SentioRails = %Rails
@onready var _lamps: SentioBinding = %Lamps
@onready var _line: Label = %Line


func _ready() -> void:
	need_session()
	_random.seed = 7
	_rails.define(&"glare", 0.0, GLARE, 0.0)
	_rails.define(&"gloom", 0.0, 1.0, 0.0)
	_dread.due.connect(_scare)
	_reporting.step = 0.1
	_reporting.gap = 1.0
	_build()
	add_child(_voice)
	var screen: Node = $Screen
	screen.add_child(_results)
	explain(screen, WHY, _results, [&"glare", &"gloom"])
	session.feed_changed.connect(_follow_feed)
	_follow_feed(session.feed)
	_begin()


func _process(whole: float) -> void:
	var delta := minf(whole, 0.05)
	_dread.adapt = session.settings.adaptation
	_lamps.adapt = session.settings.adaptation
	if _over:
		if Input.is_action_just_pressed("ui_accept"):
			_begin()
		return
	var trying := inverse_lerp(CorridorDread.MILDEST, CorridorDread.STRONGEST, _dread.now())
	var gloom := _rails.limit(&"gloom", trying, delta)
	_gloom.show_gloom(gloom)
	_voice.dread = gloom
	if not (_rails.frozen or _rails.ended):
		_left -= delta
		_dread.advance(delta, _level())
		_report(delta)
		_walk(lerpf(PACE.x, PACE.y, gloom) * delta)
		_course.advance(delta, session.feed, _dread.now())
	_shown = maxf(0.0, _shown - delta)
	_figure.visible = _shown > 0.0
	_glare = maxf(0.0, _glare - 2.5 * delta)
	var light := _rails.limit(&"glare", _glare, delta)
	light = GLARE * _rails.limit_light(&"glare", light / GLARE, delta)
	_lantern.light_energy = 0.8 + light
	_line.text = _hint()
	if _left <= 0.0:
		_end()


## The scares' strength now, 0..1, for tests.
func demand() -> float:
	return _dread.now()


func _hint() -> String:
	if _rails.frozen or _rails.ended:
		return "%s. E: leave at any time." % ("Stopped" if _rails.ended else "Frozen")
	if SECONDS - _left < 6.0:
		return "Keep walking. E: leave at any time."
	return ""


func _begin() -> void:
	_over = false
	_left = SECONDS
	_walked = 0.0
	_dread.begin()
	_course.begin()
	_results.visible = false
	session.mark(&"round_began")


func _end() -> void:
	_over = true
	_shown = 0.0
	_figure.visible = false
	_line.text = "You are out.     Enter: once more     ·     Esc: menu"
	_results.show_course(_course, "Your walk", "how hard it tried")
	session.mark(&"round_ended")


func _scare(strength: float) -> void:
	_shown = FIGURE_SECONDS
	_figure.position = _eyes.position + Vector3(_random.randf_range(-0.7, 0.7), -1.55, -3.4)
	_figure.scale = Vector3.ONE * (0.75 + 0.35 * strength)
	_glare = GLARE * strength * (0.5 if session.settings.reduced_flashing else 1.0)
	_voice.strike(strength)
	_course.note("scare")
	session.mark(&"enemy_appeared", {"strength": snappedf(strength, 0.01)})


func _on_response(_who: String, answer: SentioResponse) -> void:
	if answer.marker != "enemy_appeared" or _over:
		return
	if answer.phase == SentioResponse.ResponsePhase.FIRST and answer.startled:
		_course.note("startled")
	_dread.take(answer)


func _level() -> float:
	var frame := SentioFeedFinder.fresh(session.feed)
	if frame == null or frame.effective_confidence("arousal_level") < SentioEntryConfidence.LEAST:
		return NAN
	return frame.effective_value("arousal_level")


func _report(delta: float) -> void:
	if _reporting.due(delta, _dread.now(), _dread.reason()):
		session.feed.report(SentioAdaptation.new(&"scares", _dread.now(), _dread.reason()))


func _follow_feed(feed: SentioFeed) -> void:
	feed.response.connect(_on_response)
	_lamps.source = feed
	_rails.feed = feed


func _walk(metres: float) -> void:
	_walked += metres
	var step := sin(_walked * 3.2)
	# Steps are audible, and visible in the lantern; the view itself does not bob.
	_lantern.position = Vector3(0.35, -0.45 + 0.03 * step, -0.5)
	_voice.step(step)
	for segment in _segments:
		segment.position.z += metres
		if segment.position.z > SEGMENT:
			segment.position.z -= SEGMENT * SEGMENTS


func _build() -> void:
	for index in SEGMENTS:
		var segment := CorridorSegment.make(HALF, HEIGHT, SEGMENT, _random, _gloom)
		segment.position.z = -SEGMENT * index
		add_child(segment)
		_segments.append(segment)


func _unhandled_input(pressed: InputEvent) -> void:
	var key := pressed as InputEventKey
	if key and key.pressed and key.keycode == KEY_E and not _over:
		_end()
		return
	super(pressed)
