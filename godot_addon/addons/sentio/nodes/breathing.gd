@tool
@icon("../icons/breathing.svg")
class_name SentioBreathing
extends Node
## Paces a person's breathing and measures the coherence of heart and breath.
##
## Animate something with [member volume]. Works without a sensor; [member coherence] is
## then unknown (NAN).

## The stage of the breath has changed.
signal stage_changed(stage: SentioBreathingPace.BreathStage)
## A breath ended; [param count] so far.
signal breath_finished(count: int)
## The coherence changed: 0..1, or NAN if unknown.
signal coherence_changed(coherence: float)

## Whether the pace is running.
@export var running := true
## The source of the heart rate; empty uses the nearest feed, or the autoload
## [code]Sentio[/code].
@export var source: SentioFeed

@export_group("Breath")
## Share of the breath in. The shares may have any unit.
@export_range(0.0, 20.0, 0.1, "or_greater") var inhale := 4.0
## Share of the pause with full lungs.
@export_range(0.0, 20.0, 0.1, "or_greater") var hold := 0.0
## Share of the breath out.
@export_range(0.0, 20.0, 0.1, "or_greater") var exhale := 6.0
## Share of the pause with empty lungs.
@export_range(0.0, 20.0, 0.1, "or_greater") var rest := 0.0
## Breaths a minute at the beginning.
@export_range(3.0, 30.0, 0.1, "suffix:/min") var start_rate := 10.0
## Starts at the person's own rate if it is known.
@export var start_at_measured_rate := true
## Target breathing rate per minute; most hearts resonate near 6.
@export_range(3.0, 30.0, 0.1, "suffix:/min") var target_rate := 6.0
## Seconds from the start rate to the target rate.
@export_range(0.0, 600.0, 1.0, "suffix:s") var ramp := 60.0

@export_group("Confidence")
## Smallest confidence of heart rate and breathing rate at which they are used.
@export_range(0.0, 1.0, 0.01) var threshold := 0.1

@export_group("Coherence")
## Length of the window in seconds.
@export_range(20.0, 120.0, 1.0, "suffix:s") var window := 40.0

## Target lung volume, 0..1.
var volume := 0.0
## Phase of the breath, 0..1.
var phase := 0.0
## Breaths a minute now.
var rate := NAN
## Current stage of the breath.
var stage := SentioBreathingPace.BreathStage.INHALE
## Coherence, 0..1; NAN before two breaths with a known heart rate.
var coherence := NAN
## Number of completed breaths.
var breaths := 0
## Whether the heart rate is followed or why not, in one line; the pace needs none.
var status: String:
	get:
		var waits := SentioFeedFinder.waits_for(source, "heart_rate", threshold)
		return waits if waits else "following heart_rate"
## Deprecated: former name of [member start_at_measured_rate]; to be removed in the next version.
var start_where_they_are: bool:
	get:
		SentioDeprecated.warn("SentioBreathing.start_where_they_are", "start_at_measured_rate")
		return start_at_measured_rate
	set(value):
		SentioDeprecated.warn("SentioBreathing.start_where_they_are", "start_at_measured_rate")
		start_at_measured_rate = value

var _pace: SentioBreathingPace
var _heart: SentioCoherence
var _finder := SentioFeedFinder.new()


func _ready() -> void:
	set_process(not Engine.is_editor_hint())


func _process(delta: float) -> void:
	advance(delta)


func _get_configuration_warnings() -> PackedStringArray:
	if inhale + hold + exhale + rest > 0.0:
		return []
	return ["Inhale and exhale are 0: set a length."]


## Restarts, at the person's own rate if that is enabled and known.
func restart() -> void:
	_pace = SentioBreathingPace.new()
	_pace.inhale = inhale
	_pace.hold = hold
	_pace.exhale = exhale
	_pace.rest = rest
	_pace.start = start_rate
	_pace.target = target_rate
	_pace.ramp = ramp
	_heart = SentioCoherence.new()
	_heart.window = window
	breaths = 0
	coherence = NAN
	var own := _known("breathing_rate")
	if start_at_measured_rate and is_finite(own):
		# Not faster than a resting rate, and not slower than the target.
		_pace.start = clampf(own, minf(target_rate, 20.0), 20.0)


## Advances by [param delta] seconds of game time; called by [method _process]. A breath lasts as
## long as it does for a person, whatever [member Engine.time_scale] is.
func advance(delta: float) -> void:
	var time := SentioElapsed.real(delta)
	if not is_instance_valid(source):
		source = _finder.of(null, self, time)
	if _pace == null:
		restart()
	if not running:
		return
	var before := _pace.phase
	volume = _pace.step(time)
	phase = _pace.phase
	rate = _pace.rate
	if phase < before:
		breaths += 1
		breath_finished.emit(breaths)
	if _pace.stage != stage:
		stage = _pace.stage
		stage_changed.emit(stage)
	var now := _heart.step(time, phase, _known("heart_rate"))
	if now != coherence and not (is_nan(now) and is_nan(coherence)):
		coherence = now
		coherence_changed.emit(now)


# A measurement that is relied on; NAN otherwise.
func _known(entry: String) -> float:
	var frame := SentioFeedFinder.fresh(source)
	return frame.value(entry) if frame and frame.effective_confidence(entry) >= threshold else NAN
