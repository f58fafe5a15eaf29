class_name CompanionReply
extends RefCounted
## What the companion shows to somebody: the same, or an answer that does them good.
##
## The answer shares joy and interest, meets distress with concern and calm, and never mirrors
## anger.

## Where each emotion is at home in valence and arousal, and how far it reaches.
const REACH := 0.28

## Whether it mirrors, or answers.
var mirrors := true


## Valence and arousal that it heads for, given the person's.
func target(valence: float, arousal: float) -> Vector2:
	if mirrors:
		return Vector2(valence, arousal)
	if valence >= 0.0:
		return Vector2(0.2 + 0.8 * valence, 0.75 * arousal)
	var concern := Vector2(-0.4, -0.3)
	return Vector2(0.2, 0.0).lerp(concern, clampf(-1.6 * valence, 0.0, 1.0))


## Emotion shares near [param place].
func emotions(place: Vector2) -> Dictionary:
	var near := {}
	var total := 0.0
	for name: String in SentioSimulatedReading.PLACES:
		if not mirrors and name in ["anger", "disgust", "contempt", "fear"]:
			continue
		var home: Vector2 = SentioSimulatedReading.PLACES[name]
		# Squared, so that the nearest leads instead of all of them in a blur.
		near[name] = exp(-place.distance_squared_to(home) / (REACH * REACH))
		total += near[name]
	for name: String in near:
		near[name] /= maxf(total, 1e-6)
	return near
