extends DemoStage
## The ledge: height in graded steps above a city at dusk, on the desktop or in a headset.
##
## The lift moves slowly and straight, keeps the horizon, and always leads down. A person at the
## side holds it (H), steps it back (B) or further (N), or ends it (X); the log names who moved it.

## Metres of one step.
const RISE := 4.0
const WHY: Dictionary[StringName, String] = {&"exposure": "The lift", &"freeze": "The lift"}
const STEPS := 5
const KEYS: Array[String] = ["H hold or go on", "B back", "N further", "hold X: down"]
## Author of the keys at the side.
const HELPER := "helper"
## Author of the way out.
const PLAYER := "player"
## Lines of the log on the screen.
const SHOWN := 6
## Vignette at the lift's full speed.
const SHADE := 0.45

var _course := DemoCourse.new()
var _results := DemoResults.new()

@onready var _rig: XROrigin3D = %Rig
@onready var _camera: Camera3D = %Camera
@onready var _eyes: XRCamera3D = %Eyes
@onready var _exposure: SentioExposure = %Exposure
@onready var _comfort: SentioComfort = %Comfort
@onready var _headset: SentioHeadset = %Headset
@onready var _panel: SentioWorldPanel = %Panel
@onready var _log: Label = %Log
@onready var _state: Label = %State
@onready var _vignette := SentioVignette.new()


func _ready() -> void:
	need_session()
	LedgeCity.build(self)
	_exposure.steps = STEPS
	_exposure.ended.connect(func(_by: String) -> void: _course.note("ended"))
	_exposure.moved.connect(
		func(step: int, by: String) -> void: _course.note("%s: %d" % [by, step])
	)
	_comfort.exit_requested.connect(_on_way_out)
	session.feed_changed.connect(_follow_feed)
	_follow_feed(session.feed)
	_headset.exited.connect(_on_came_back)
	_headset.recentred.connect(func() -> void: _panel.place(_eyes.global_transform))
	_headset.enter()
	_camera.current = not _headset.active
	_eyes.add_child(_vignette)
	_panel.visible = _headset.active
	_panel.show_control(LedgeSide.make(_exposure))
	var plate := SentioPalette.box(Color(SentioPalette.GROUND, 0.72), 14, 16.0)
	(%Side as Control).add_theme_stylebox_override("panel", plate)
	$Screen.add_child(_results)
	explain($Screen, WHY, _results)
	get_viewport().size_changed.connect(_fit)
	_fit()
	_course.begin()


func _process(whole: float) -> void:
	var delta := minf(whole, 0.05)
	_exposure.adapt = session.settings.adaptation
	_course.advance(delta, session.feed, _exposure.height / STEPS)
	var before := _rig.position
	var wanted := Vector3(0, RISE * _exposure.height, 0)
	_rig.transform = _comfort.move(_rig.transform, wanted, delta)
	var pace := _rig.position.distance_to(before) / maxf(delta, 1e-6) / _comfort.speed
	_vignette.strength = _comfort.vignette(SHADE * pace if _headset.active else 0.0, delta)
	_comfort.hold_exit(Input.is_key_pressed(KEY_X) or _gripped(), delta)
	var eyes := _eyes.global_transform if _headset.active else _camera.global_transform
	_panel.follow(eyes, delta)
	if _headset.active:
		_panel.gaze(eyes.origin, -eyes.basis.z, delta)
	_state.text = _words()
	_log.text = _lines()


## How high it is, 0..1, for tests.
func demand() -> float:
	return _exposure.height / STEPS


func _words() -> String:
	if _exposure.finished:
		return "Back to the ground."
	var held := "   ·   held" if _exposure.held else ""
	return "Step %d of %d%s" % [_exposure.step, STEPS, held]


# In a narrow window the keys are listed below each other.
func _fit() -> void:
	var narrow := DemoSmallWindow.is_narrow(%Side as Control)
	(%Keys as Label).text = (
		"At the side:" + ("\n" if narrow else "  ") + (("\n" if narrow else "  ·  ").join(KEYS))
	)
	(%Side as Control).reset_size()


func _lines() -> String:
	var lines := PackedStringArray()
	for index in range(maxi(0, _exposure.moves.size() - SHOWN), _exposure.moves.size()):
		var move := _exposure.moves[index]
		var minutes := floori(float(move["seconds"]) / 60.0)
		var seconds := int(move["seconds"]) % 60
		lines.append("%d:%02d   %s: step %d" % [minutes, seconds, move["by"], move["step"]])
	return "\n".join(lines)


func _gripped() -> bool:
	for hand: XRController3D in [%Left, %Right]:
		if hand.is_button_pressed(&"by_button") or hand.is_button_pressed(&"menu_button"):
			return true
	return false


# The session was lost or stopped: hold where it is, on the desktop, until the player goes on.
func _on_came_back(why: StringName) -> void:
	_panel.visible = false
	if why != &"left":
		_exposure.hold("headset " + why)


func _on_way_out() -> void:
	_exposure.finish(PLAYER)
	_results.show_course(_course, "Your time on the ledge", "how high you were")


func _follow_feed(feed: SentioFeed) -> void:
	_exposure.source = feed


func _unhandled_input(pressed: InputEvent) -> void:
	var key := pressed as InputEventKey
	if key and key.pressed and not key.echo:
		match key.keycode:
			KEY_H:
				if _exposure.held:
					_exposure.resume(HELPER)
				else:
					_exposure.hold(HELPER)
			KEY_B:
				_exposure.step_back(HELPER)
			KEY_N:
				_exposure.step_forward(HELPER)
	super(pressed)
