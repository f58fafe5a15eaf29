class_name DemoMood
extends Node
## Mood of a scene: eased affect, neutral if unknown.
##
## Used by colours and particles; pacing uses a [SentioDirector] and its rails.

## Below this confidence the mood eases to neutral (PROTOCOL.md, section 4).
const LEAST_CONFIDENCE := 0.1
## Time constant in seconds.
const EASE_SECONDS := 1.5

## Whether the mood follows affect.
var active := true
## The feed that is shown.
var feed: SentioFeed

var valence := 0.0
var arousal := 0.0
var stress := 0.3
var calm := 0.4
var engagement := 0.5
## Whether affect is known.
var known := false


func _process(delta: float) -> void:
	var frame := SentioFeedFinder.fresh(feed)
	known = active and frame != null and frame.value("confidence", 0.0) >= LEAST_CONFIDENCE
	var share := 1.0 - exp(-delta / EASE_SECONDS)
	valence = lerpf(valence, _wanted(frame, "valence", 0.0), share)
	arousal = lerpf(arousal, _wanted(frame, "arousal", 0.0), share)
	stress = lerpf(stress, _wanted(frame, "stress", 0.3), share)
	calm = lerpf(calm, _wanted(frame, "relaxation", 0.4), share)
	engagement = lerpf(engagement, _wanted(frame, "engagement", 0.5), share)


func _wanted(frame: SentioAffectFrame, name: String, neutral: float) -> float:
	return frame.value(name, neutral) if known else neutral
