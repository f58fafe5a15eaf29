@tool
class_name SentioSimulatedReading
extends RefCounted
## Affect entries of a simulated person, by name.

## Valence and arousal of each emotion (after Russell & Mehrabian 1977).
const PLACES := {
	"neutral": Vector2(0.0, -0.1),
	"happiness": Vector2(0.75, 0.4),
	"surprise": Vector2(0.3, 0.75),
	"sadness": Vector2(-0.6, -0.4),
	"anger": Vector2(-0.55, 0.6),
	"disgust": Vector2(-0.65, 0.3),
	"fear": Vector2(-0.6, 0.75),
	"contempt": Vector2(-0.5, 0.1),
}
## Width of an emotion in valence and arousal.
const REACH := 0.38
## Fusion weight of each simulated modality at full quality.
const SHARES := {"face": 0.35, "voice": 0.2, "body": 0.3, "eeg": 0.15}
## Standard deviation of valence and arousal of the population prior.
const PRIOR_SD := 0.5

## Quality by modality, 0..1; 0 for no sensor.
var quality := {"face": 0.9, "voice": 0.7, "body": 0.95, "eeg": 0.0}
## Confidence with the best sensor quality, 0..1.
var confidence := 0.7


## The known values of [param person]; fewer and less certain with poor sensors.
func values(person: SentioSimulatedPerson) -> Dictionary:
	var all := {}
	var sure := _sure()
	for name: String in ["valence", "arousal", "dominance"]:
		all[name] = person.value(name)
		all[name + "_sd"] = maxf(PRIOR_SD * (1.0 - sure), 0.02)
	for name: String in ["stress", "engagement", "relaxation", "focus"]:
		all[name] = person.value(name)
		all[name + "_sd"] = maxf(0.3 * (1.0 - sure), 0.02)
	_emotions(all)
	_body(all, person)
	var mood := person.mood()
	all["mood_valence"] = mood.x
	all["mood_arousal"] = mood.y
	all["mood_dominance"] = mood.z
	_appraisals(all)
	all["confidence"] = sure
	for name: String in SHARES:
		if quality[name] > 0.0:
			all[name + "_weight"] = weight(name)
			all[name + "_quality"] = quality[name]
			all[name + "_age"] = 0.04
	return all


## Fusion weight of [param modality], 0..1.
func weight(modality: String) -> float:
	var total := 0.0
	for name: String in SHARES:
		total += SHARES[name] * quality[name]
	var own: float = SHARES.get(modality, 0.0) * quality.get(modality, 0.0)
	return own / total if total > 0.0 else 0.0


func _sure() -> float:
	var missed := 1.0
	for name: String in SHARES:
		missed *= 1.0 - 0.9 * float(quality[name])
	return confidence * (1.0 - missed)


func _emotions(all: Dictionary) -> void:
	var here := Vector2(all["valence"], all["arousal"])
	var near := {}
	var total := 0.0
	for name: String in PLACES:
		var place: Vector2 = PLACES[name]
		near[name] = exp(-here.distance_squared_to(place) / (2.0 * REACH * REACH)) + 0.01
		total += near[name]
	var entropy := 0.0
	for name: String in near:
		var share: float = near[name] / total
		all["p_" + name] = share
		entropy -= share * log(share)
	all["entropy"] = entropy / log(PLACES.size())


func _body(all: Dictionary, person: SentioSimulatedPerson) -> void:
	if quality["body"] <= 0.0:
		return
	var arousal: float = all["arousal"]
	all["heart_rate"] = person.value("heart_rate")
	all["breathing_rate"] = person.value("breathing_rate")
	all["rmssd"] = 18.0 + 46.0 * person.value("relaxation")
	all["scl"] = 4.0 + 2.4 * (arousal + 1.0)
	all["scr_rate"] = 2.0 + 9.0 * clampf(0.5 + 0.5 * arousal, 0.0, 1.0)


func _appraisals(all: Dictionary) -> void:
	var drive: float = 0.5 + 0.5 * all["arousal"]
	var liking: float = 0.5 + 0.5 * all["valence"]
	var taken: float = all["engagement"]
	var strained: float = all["stress"]
	all["flow"] = clampf(taken * (1.0 - strained) * (0.4 + liking), 0.0, 1.0)
	all["boredom"] = clampf((1.0 - taken) * (1.0 - drive), 0.0, 1.0)
	all["frustration"] = clampf(strained * (1.0 - liking) * (0.5 + 0.5 * taken), 0.0, 1.0)
	all["anxiety"] = clampf(strained * drive * (1.0 - liking) * 1.4, 0.0, 1.0)
