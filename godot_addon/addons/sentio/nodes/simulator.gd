@tool
@icon("../icons/simulator.svg")
class_name SentioSimulator
extends SentioFeed
## A simulated person, driven by sliders or scenarios, as a feed without a sidecar or sensors.
##
## Emits the same frames, details and events as [SentioClient]. Choose a [member scenario], or
## [code]sliders[/code] for the values below. Markers change the person as set in
## [member reactions].
##
## A person lives in real time, whatever [member Engine.time_scale] is.

## Ages and confidences a second, as a sidecar sends them.
const EVIDENCE_HZ := 10.0
## Detail maps a second, as a sidecar sends them (PROTOCOL.md, section 2).
const DETAIL_HZ := 4.0
## Longest simulated step, so that a stall causes no jump.
const LONGEST_STEP := 0.25

## A scenario of [SentioScenario], or the sliders.
@export_enum("sliders", "rest", "stress", "joy", "boredom", "recovery") var scenario := "rest":
	set(name):
		scenario = name
		_played = 0.0
		_update_link()
## Frames a second.
@export_range(1.0, 120.0, 1.0, "suffix:Hz") var rate_hz := 30.0
## The sensors: [code]real[/code] ones have confidences, delays and gaps as a sidecar's have, and
## [code]ideal[/code] ones none of these.
@export_enum("real", "ideal") var realism := "real"
## Also simulate in the editor, for screens and bindings that are tool scripts.
@export var in_editor := false
## The frames' state; any but [code]ok[/code] makes values unknown or fade.
@export_enum("ok", "warming", "stale", "no_subject", "withdrawn") var state := "ok"
## Entries of the affect vector that are always unknown.
@export var unknown := PackedStringArray():
	set(names):
		unknown = names
		update_configuration_warnings()
## Seed of the random numbers.
@export var random_seed := 1
## Amount of noise, 0..1.
@export_range(0.0, 1.0) var noise := 0.3
## Effects of markers: steps of valence, arousal and stress that fade within some seconds.
@export var reactions: Dictionary[StringName, Vector3] = {
	&"wave": Vector3(-0.05, 0.25, 0.15),
	&"boss_spawned": Vector3(-0.25, 0.55, 0.4),
	&"enemy_appeared": Vector3(-0.25, 0.6, 0.4),
	&"player_hurt": Vector3(-0.35, 0.35, 0.3),
	&"enemy_down": Vector3(0.02, 0.015, -0.005),
	&"pickup": Vector3(0.3, 0.1, -0.15),
}

@export_group("Sliders")
## From unpleasant to pleasant.
@export_range(-1.0, 1.0, 0.01) var valence := 0.15
## From calm to excited.
@export_range(-1.0, 1.0, 0.01) var arousal := -0.2
## From overwhelmed to in control.
@export_range(-1.0, 1.0, 0.01) var dominance := 0.1
## Stress.
@export_range(0.0, 1.0, 0.01) var stress := 0.2
## Engagement.
@export_range(0.0, 1.0, 0.01) var engagement := 0.5
## Relaxation.
@export_range(0.0, 1.0, 0.01) var relaxation := 0.6
## Focus.
@export_range(0.0, 1.0, 0.01) var focus := 0.5
## Heart rate.
@export_range(40.0, 180.0, 1.0, "suffix:/min") var heart_rate := 68.0
## Breathing rate.
@export_range(4.0, 40.0, 0.5, "suffix:/min") var breathing_rate := 12.0

@export_group("Sensors")
## Confidence with the best sensor quality.
@export_range(0.0, 1.0, 0.01) var confidence := 0.7
## Quality of the face; 0 for no camera.
@export_range(0.0, 1.0, 0.01) var face_quality := 0.9
## Quality of the voice; 0 for no microphone.
@export_range(0.0, 1.0, 0.01) var voice_quality := 0.7
## Quality of the body sensors; 0 for none.
@export_range(0.0, 1.0, 0.01) var body_quality := 0.95
## Quality of the EEG; 0 for none.
@export_range(0.0, 1.0, 0.01) var eeg_quality := 0.0

## Whether an editor tool shows it; not saved with the scene.
var previewed := false

var _who := ""
var _person: SentioSimulatedPerson
var _reading := SentioSimulatedReading.new()
var _frames: SentioFrameBuilder
var _played := 0.0
var _clock := 0.0
var _frame_due := 0.0
var _detail_due := 0.0
var _evidence_due := 0.0
var _reported := SentioSimulatedEvents.new()
var _faded := 1.0
var _events := 0
var _born := -1.0


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	for each in unknown:
		if not each in SentioAffectFrame.names:
			warnings.append("There is no entry '%s' in the affect vector." % each)
	return warnings


func _ready() -> void:
	_start()
	_update_link()


func _process(delta: float) -> void:
	if in_editor or previewed or not Engine.is_editor_hint():
		advance(minf(SentioElapsed.real(delta), LONGEST_STEP))


## Advances by [param delta] seconds and emits what is due.
func advance(delta: float) -> void:
	_start()
	_played += delta
	_clock += delta
	_person.noise = noise
	_person.advance(delta, wanted())
	_reading.sensors.ideal = realism == "ideal"
	_reading.sensors.advance(delta)
	_faded = maxf(_faded - 0.1 * delta, 0.0) if state == "stale" else 1.0
	_frame_due -= delta
	_detail_due -= delta
	_evidence_due -= delta
	if _frame_due > 0.0:
		return
	_frame_due = maxf(_frame_due + 1.0 / rate_hz, 0.0)
	_read_sensors()
	_born = _now()
	latest = _next_frame()
	frame.emit(latest)
	_report(1.0 / rate_hz)
	if _detail_due <= 0.0:
		_detail_due = 1.0 / DETAIL_HZ
		latest_detail = SentioSimulatedDetail.build(latest, _reading, _person)
		detail.emit(latest.subject, latest_detail)


## Deprecated: the former name of [method advance]; to be removed in the next version.
func step(delta: float) -> void:
	SentioDeprecated.warn("SentioSimulator.step()", "advance()")
	advance(delta)


## Current targets by name, from the sliders or the scenario.
func wanted() -> Dictionary:
	if scenario != "sliders":
		return SentioScenario.at(scenario, _played)
	var all := {}
	for entry: String in SentioScenario.REST:
		all[entry] = get(entry)
	return all


## Phase of the simulated breath: 0 starts the inhale, 0.5 the exhale.
func breath_phase() -> float:
	return _person.breath() if _person else 0.0


## Deprecated: the former name of [method breath_phase]; to be removed in the next version.
func breath() -> float:
	SentioDeprecated.warn("SentioSimulator.breath()", "breath_phase()")
	return breath_phase()


## The simulated person reacts as set in [member reactions]. False, with a warning, if a sidecar
## would not take [param marker] or [param data].
func mark(marker: StringName, data: Dictionary = {}) -> bool:
	_start()
	var plain: Variant = _marker_data(marker, data)
	if plain == null:
		return false
	var sent: Dictionary = plain
	_emit_event("marker", marker, sent)
	if reactions.has(marker):
		_person.startle(reactions[marker])
		_reported.mark(marker, _clock, reactions[marker])
	return true


## Seconds since the newest state; infinite before the first.
func age() -> float:
	return _now() - _born if _born >= 0.0 else INF


# Emitted as an event of kind `adaptation`, as a sidecar does.
func _send_adaptation(adaptation: SentioAdaptation) -> bool:
	_start()
	var body := adaptation.arguments()
	body.erase("what")
	_emit_event("adaptation", adaptation.what, body)
	return true


func _start() -> void:
	if _frames:
		return
	_who = subject if subject else "simulated"
	_frames = SentioFrameBuilder.new(_who, absi(random_seed))
	_person = SentioSimulatedPerson.new(random_seed)
	_reading.sensors = SentioSimulatedSensors.new(random_seed)


func _read_sensors() -> void:
	_reading.confidence = confidence * _faded * (0.3 if state == "warming" else 1.0)
	_reading.quality = {
		"face": face_quality, "voice": voice_quality, "body": body_quality, "eeg": eeg_quality
	}


func _values() -> Dictionary:
	if state in ["no_subject", "withdrawn"]:
		return {}
	var all := _reading.values(_person)
	for entry in unknown:
		all.erase(entry)
	return all


# Ages and confidences come with every third frame or so, as from a sidecar.
func _next_frame() -> SentioAffectFrame:
	var values := _values()
	if _evidence_due > 0.0:
		var bare := _frames.build(values, state, _born)
		bare.keep_evidence(latest)
		return bare
	_evidence_due = 1.0 / EVIDENCE_HZ
	return _frames.build(values, state, _born, _reading.ages, _reading.confidences)


func _report(delta: float) -> void:
	var levels := {}
	for entry in SentioSimulatedEvents.DIMENSIONS:
		levels[entry] = latest.value(entry)
	# From the simulated clock to the one of the frames.
	var shift := _now() - _clock
	for due in _reported.advance(delta, _clock, levels):
		var data: Dictionary = due["data"]
		for entry: String in ["found", "marker_time"]:
			if data.has(entry):
				data[entry] += shift
		var kind: String = due["kind"]
		var about: String = due["name"]
		var time: float = due["time"]
		_emit_event(kind, about, data, time + shift)


func _emit_event(kind: String, about: String, data: Dictionary, time := NAN) -> void:
	_events += 1
	var body := {
		"v": SentioWire.VERSION,
		"epoch": absi(random_seed),
		"id": _events,
		"time": time if is_finite(time) else _now(),
		"kind": kind,
		"name": about,
		"data": data,
	}
	_show_event(_who, body)


func _update_link() -> void:
	link = SentioFeed.LinkState.LIVE
	link_reason = "simulated person: " + scenario
	_emit_link_state()


func _now() -> float:
	return Time.get_ticks_usec() * 1e-6
