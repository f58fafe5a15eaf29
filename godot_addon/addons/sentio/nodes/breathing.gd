@tool
@icon("../icons/breathing.svg")
class_name SentioBreathing
extends Node
## Leads a person's breath, and tells how far their heart follows it.
##
## Let something grow and shrink with [member volume]. It works without a sensor: then only
## [member coherence] stays unknown (NAN).

## What the lungs should do has changed.
signal stage_changed(stage: SentioBreathingPace.BreathStage)
## A breath was finished; [param count] of them so far.
signal breath_finished(count: int)
## The heart follows by [param coherence], 0..1, or NAN where it is not known any more.
signal coherence_changed(coherence: float)

## Whether the pace goes on.
@export var running := true
## Where the heart rate comes from; empty takes the nearest feed, or the autoload
## [code]Sentio[/code].
@export var source: SentioFeed

@export_group("Breath")
## Shares of a breath, in any unit.
@export_range(0.0, 20.0, 0.1, "or_greater") var inhale := 4.0
## Share of the pause with full lungs.
@export_range(0.0, 20.0, 0.1, "or_greater") var hold := 0.0
## Share of the breath out.
@export_range(0.0, 20.0, 0.1, "or_greater") var exhale := 6.0
## Share of the pause with empty lungs.
@export_range(0.0, 20.0, 0.1, "or_greater") var rest := 0.0
## Breaths a minute at the beginning.
@export_range(3.0, 30.0, 0.1, "suffix:/min") var start_rate := 10.0
## Begins at the person's own rate where it is known.
@export var start_where_they_are := true
## Breaths a minute in the end: near 6 most hearts resonate.
@export_range(3.0, 30.0, 0.1, "suffix:/min") var target_rate := 6.0
## Seconds from one to the other.
@export_range(0.0, 600.0, 1.0, "suffix:s") var ramp := 60.0

@export_group("Coherence")
## Seconds that are looked back on.
@export_range(20.0, 120.0, 1.0, "suffix:s") var window := 40.0

## How full the lungs should be, 0..1.
var volume := 0.0
## Where in the breath, 0..1.
var phase := 0.0
## Breaths a minute now.
var rate := NAN
## What the lungs should do.
var stage := SentioBreathingPace.BreathStage.INHALE
## How far the heart follows, 0..1; NAN before two breaths with a known heart rate.
var coherence := NAN
## Breaths that were finished.
var breaths := 0

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
	return ["Give the breath a length: inhale and exhale are 0."]


## Begins anew, at the person's own rate where that is wanted and known.
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
	var own := SentioFeedFinder.value(SentioFeedFinder.fresh(source), "breathing_rate")
	if start_where_they_are and is_finite(own):
		# Nobody is led by a pace that is faster than a rest's, or slower than the goal.
		_pace.start = clampf(own, minf(target_rate, 20.0), 20.0)


## Lets [param delta] seconds go by; [method _process] calls it.
func advance(delta: float) -> void:
	source = _finder.of(source, self, delta)
	if _pace == null:
		restart()
	if not running:
		return
	var before := _pace.phase
	volume = _pace.step(delta)
	phase = _pace.phase
	rate = _pace.rate
	if phase < before:
		breaths += 1
		breath_finished.emit(breaths)
	if _pace.stage != stage:
		stage = _pace.stage
		stage_changed.emit(stage)
	var beats := SentioFeedFinder.value(SentioFeedFinder.fresh(source), "heart_rate")
	var now := _heart.step(delta, phase, beats)
	if now != coherence and not (is_nan(now) and is_nan(coherence)):
		coherence = now
		coherence_changed.emit(now)
