class_name CorridorDread
extends RefCounted
## Decides when the next scare comes and how strong it is, by how the player answered the last ones.
##
## A startle makes the next scare later and milder, no answer sooner and stronger. With adaptation
## off, or without answers, they come evenly. Scares are never closer than [constant LEAST].

## A scare is due; [param strength] is 0..1.
signal due(strength: float)

## Seconds between two scares, at least and at most, and in the usual course.
const LEAST := 9.0
const MOST := 40.0
const USUAL := 18.0
## Strength in the usual course, and its bounds.
const USUAL_STRENGTH := 0.55
const MILDEST := 0.2
const STRONGEST := 1.0

## Whether answers count.
var adapt := true
## Seconds between two scares now.
var interval := USUAL
## Strength of the next scare, 0..1.
var strength := USUAL_STRENGTH
## Why it changed last, for the report.
var why := "the usual course"

var _left := USUAL


## Restarts it.
func begin() -> void:
	interval = USUAL
	strength = USUAL_STRENGTH
	why = "the usual course"
	_left = USUAL * 0.7


## Advances by [param delta] seconds.
func advance(delta: float) -> void:
	_left -= delta
	if _left <= 0.0:
		_left = interval
		due.emit(strength)


## Takes the answer to a scare; true if it changed what comes.
func take(answer: SentioResponse) -> bool:
	if not adapt or answer.phase != SentioResponse.ResponsePhase.FIRST:
		return false
	var startled := answer.startled
	interval = clampf(interval * (1.4 if startled else 0.8), LEAST, MOST)
	strength = clampf(strength + (-0.15 if startled else 0.12), MILDEST, STRONGEST)
	_left = maxf(_left, interval if startled else minf(_left, interval))
	why = (
		"you startled: it lets you breathe" if startled else "nothing startled you: it tries harder"
	)
	return true
