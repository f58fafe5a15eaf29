class_name CorridorDread
extends RefCounted
## Decides when the next scare comes and how strong it is, by how the player answered the last ones.
##
## A startle makes the next scare later and milder, no answer sooner and stronger. Between them the
## strength follows how tense the player is: stronger when calm, milder when tense. With adaptation
## off, or without answers and affect, they come evenly. Scares are never closer than
## [constant LEAST].

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
## Change of the strength from a middling arousal to none, and its time constant in seconds.
const LEAN := 0.4
const LEAN_SECONDS := 2.0

## Whether answers count.
var adapt := true
## Seconds between two scares now.
var interval := USUAL
## Strength by the answers alone, 0..1.
var strength := USUAL_STRENGTH
## Why it changed last, for the report.
var why := "the usual course"

var _left := USUAL
var _lean := 0.0


## Restarts it.
func begin() -> void:
	interval = USUAL
	strength = USUAL_STRENGTH
	why = "the usual course"
	_lean = 0.0
	_left = USUAL * 0.7


## Advances by [param delta] seconds; [param level] is the player's arousal in their own range,
## 0..1, or NAN.
func advance(delta: float, level := NAN) -> void:
	var wanted := LEAN * (1.0 - 2.0 * level) if adapt and is_finite(level) else 0.0
	_lean += (wanted - _lean) * SentioElapsed.share(delta, LEAN_SECONDS)
	_left -= delta
	if _left <= 0.0:
		_left = interval
		due.emit(now())


## Strength of a scare at this moment, 0..1.
func now() -> float:
	return clampf(strength + _lean, MILDEST, STRONGEST)


## Why a scare would be stronger or milder than the answers alone make it, or [member why].
func reason() -> String:
	if absf(_lean) < 0.1:
		return why
	return "you seem calm, it tries harder" if _lean > 0.0 else "you seem tense, it holds back"


## Takes the answer to a scare; true if it changed what comes.
func take(answer: SentioResponse) -> bool:
	if not adapt or answer.phase != SentioResponse.ResponsePhase.FIRST:
		return false
	var startled := answer.startled
	interval = clampf(interval * (1.4 if startled else 0.8), LEAST, MOST)
	strength = clampf(strength + (-0.15 if startled else 0.12), MILDEST, STRONGEST)
	_left = maxf(_left, interval if startled else minf(_left, interval))
	why = (
		"you startled, it lets you breathe" if startled else "nothing startled you, it tries harder"
	)
	return true
