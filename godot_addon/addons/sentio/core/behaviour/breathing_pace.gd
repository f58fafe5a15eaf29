class_name SentioBreathingPace
extends RefCounted
## Paces a breath through inhale, hold, exhale and rest, from a start rate to a target rate.

enum BreathStage {
	## Lungs fill.
	INHALE,
	## Lungs stay full.
	HOLD,
	## Lungs empty.
	EXHALE,
	## Lungs stay empty.
	REST,
}

## Deprecated: the former name of [enum BreathStage]; to be removed in the next version.
const Stage = BreathStage  # gdlint: ignore=constant-name

## Share of the breath in. The shares may have any unit.
var inhale := 4.0
## Share of the pause with full lungs.
var hold := 0.0
## Share of the breath out.
var exhale := 6.0
## Share of the pause with empty lungs.
var rest := 0.0
## Breaths a minute at the beginning.
var start := 10.0
## Breaths a minute after [member ramp] seconds; most hearts resonate near 6 (Lehrer 2020).
var target := 6.0
## Seconds from the first rate to the last.
var ramp := 60.0

## Breaths a minute now.
var rate := NAN
## Phase of the breath, 0..1.
var phase := 0.0
## Target lung volume, 0..1.
var volume := 0.0
## Current stage of the breath.
var stage := BreathStage.INHALE

var _age := 0.0


## Advances by [param dt] seconds; returns [member volume].
func step(dt: float) -> float:
	var time := SentioElapsed.of(dt)
	_age += time
	var share := 1.0 if ramp <= 0.0 else minf(1.0, _age / ramp)
	rate = start + (target - start) * share
	phase += rate / 60.0 * time
	phase -= floorf(phase)
	_place(phase * (inhale + hold + exhale + rest))
	return volume


func _place(at: float) -> void:
	if at < inhale:
		stage = BreathStage.INHALE
		volume = 0.5 - 0.5 * cos(PI * at / inhale)
	elif at - inhale < hold:
		stage = BreathStage.HOLD
		volume = 1.0
	elif at - inhale - hold < exhale:
		stage = BreathStage.EXHALE
		volume = 0.5 + 0.5 * cos(PI * (at - inhale - hold) / exhale)
	else:
		stage = BreathStage.REST
		volume = 0.0
