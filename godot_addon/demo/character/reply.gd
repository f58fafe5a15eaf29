class_name CompanionReply
extends RefCounted
## The companion's expression for a person's affect: mirrored, or a supportive response.
##
## The response shares joy and interest, shows concern and calm at distress, and never mirrors
## anger.

## Valence and arousal of each emotion, and its width.
const REACH := 0.28

## Whether it mirrors or responds.
var mirrors := true


## Target valence and arousal for the person's.
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
		# Squared, so that the nearest emotion dominates.
		near[name] = exp(-place.distance_squared_to(home) / (REACH * REACH))
		total += near[name]
	for name: String in near:
		near[name] /= maxf(total, 1e-6)
	return near
