class_name DemoMood
extends Node
## Mood of a scene: eased affect, neutral if unknown.
##
## Used by colours and particles; pacing uses a [SentioDirector] and its rails.

## Time constant in seconds.
const EASE_SECONDS := 1.5

## Whether the mood follows affect.
var active := true
## The feed that is shown.
var feed: SentioFeed

# Levels of the player's own range, 0..1; valence and arousal as -1..1.
var valence := 0.0
var arousal := 0.0
var stress := 0.3
var calm := 0.4
var engagement := 0.5
## Whether affect is known.
var known := false


func _process(delta: float) -> void:
	var frame := SentioFeedFinder.fresh(feed)
	known = (
		active
		and frame != null
		and frame.effective_confidence("arousal_level") >= SentioEntryConfidence.LEAST
	)
	var share := 1.0 - exp(-delta / EASE_SECONDS)
	valence = lerpf(valence, 2.0 * _wanted(frame, "valence_level", 0.5) - 1.0, share)
	arousal = lerpf(arousal, 2.0 * _wanted(frame, "arousal_level", 0.5) - 1.0, share)
	stress = lerpf(stress, _wanted(frame, "stress_level", 0.3), share)
	calm = lerpf(calm, _wanted(frame, "relaxation_level", 0.4), share)
	engagement = lerpf(engagement, _wanted(frame, "engagement_level", 0.5), share)


func _wanted(frame: SentioAffectFrame, entry: String, neutral: float) -> float:
	if (
		not active
		or frame == null
		or frame.effective_confidence(entry) < SentioEntryConfidence.LEAST
	):
		return neutral
	return frame.effective_value(entry)
