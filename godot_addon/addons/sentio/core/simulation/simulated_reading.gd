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
## Dimensions with that deviation.
const VAD: Array[String] = ["valence", "arousal", "dominance"]

## Share of each entry's uncertainty that real sensors remove, 0..1, by modality.
const EVIDENCE: Dictionary[String, Dictionary] = {
	"valence": {"face": 0.35, "voice": 0.12},
	"arousal": {"face": 0.4, "voice": 0.25, "body": 0.4, "eeg": 0.05},
	"dominance": {"face": 0.1, "voice": 0.2},
	"stress": {"body": 0.22, "eeg": 0.06},
	"engagement": {"face": 0.08, "eeg": 0.15},
	"relaxation": {"body": 0.2, "eeg": 0.15},
	"focus": {"face": 0.04, "eeg": 0.25},
}
## Lowest and highest value of each dimension in a person's scenarios: the ends of its level.
const RANGES := {
	"valence": Vector2(-0.6, 0.8),
	"arousal": Vector2(-0.7, 0.75),
	"stress": Vector2(0.08, 0.9),
	"engagement": Vector2(0.08, 0.85),
	"relaxation": Vector2(0.08, 0.92),
	"focus": Vector2(0.12, 0.7),
}
## Seconds by which the estimate of an entry follows the person; 0.5 for the others.
const DELAYS: Dictionary[String, float] = {
	"stress": 1.5,
	"engagement": 1.5,
	"relaxation": 1.5,
	"focus": 1.5,
	"heart_rate": 1.5,
	"breathing_rate": 4.0,
}

## Quality by modality, 0..1; 0 for no sensor.
var quality: Dictionary[String, float] = {"face": 0.9, "voice": 0.7, "body": 0.95, "eeg": 0.0}
## Confidence with the best sensor quality, 0..1.
var confidence := 0.7
## Gaps and delays of the sensors.
var sensors := SentioSimulatedSensors.new()
## Ages in seconds of the entries of the last [method values].
var ages := {}
## Confidences of the entries of the last [method values], 0..1.
var confidences := {}


## The known values of [param person]; fewer and less certain with poor sensors.
func values(person: SentioSimulatedPerson) -> Dictionary:
	var all := {}
	ages = {}
	confidences = {}
	for name: String in EVIDENCE:
		var sure := _sure(name)
		if sure <= 0.0 and not sensors.ideal:
			continue
		all[name] = person.value_before(name, _delay(name))
		all[name + "_sd"] = maxf((PRIOR_SD if name in VAD else 0.3) * (1.0 - sure), 0.02)
		_rest_on(name, _youngest(EVIDENCE[name]), sure)
		if RANGES.has(name):
			var ends: Vector2 = RANGES[name]
			var value: float = all[name]
			var age: float = ages[name]
			all[name + "_level"] = clampf(inverse_lerp(ends.x, ends.y, value), 0.0, 1.0)
			all[name + "_level_sd"] = maxf(0.29 * (1.0 - sure), 0.02)
			_rest_on(name + "_level", age, sure)
	if all.has("valence") and all.has("arousal"):
		_emotions(all)
	_body(all, person)
	_live(all, person)
	var mood := person.mood()
	all["mood_valence"] = mood.x
	all["mood_arousal"] = mood.y
	all["mood_dominance"] = mood.z
	_appraisals(all)
	all["confidence"] = 0.5 * (_sure("valence") + _sure("arousal"))
	for name: String in SHARES:
		if quality[name] > 0.0 and sensors.freshness(name) > 0.0:
			all[name + "_weight"] = weight(name)
			all[name + "_quality"] = quality[name] if sensors.measures(name) else 0.0
			all[name + "_age"] = sensors.age(name)
	return all


## Fusion weight of [param modality], 0..1.
func weight(modality: String) -> float:
	var total := 0.0
	for name: String in SHARES:
		total += SHARES[name] * quality[name]
	var own: float = SHARES.get(modality, 0.0) * quality.get(modality, 0.0)
	return own / total if total > 0.0 else 0.0


# Confidence of a dimension, 0..1.
func _sure(dimension: String) -> float:
	var missed := 1.0
	for name: String in SHARES:
		var share: float = 0.9 if sensors.ideal else EVIDENCE[dimension].get(name, 0.0)
		missed *= 1.0 - share * quality[name] * sensors.freshness(name)
	# 0.7, the default, is the table's.
	return clampf(confidence * (1.0 - missed) / (1.0 if sensors.ideal else 0.7), 0.0, 1.0)


func _delay(name: String) -> float:
	return 0.0 if sensors.ideal else DELAYS.get(name, 0.5)


# Age of the newest evidence among modalities.
func _youngest(modalities: Dictionary) -> float:
	var found := INF
	for name: String in modalities:
		if quality[name] > 0.0:
			found = minf(found, sensors.age(name))
	return found if is_finite(found) else 0.04


func _rest_on(name: String, age: float, sure: float) -> void:
	for entry: String in [name, name + "_sd"]:
		ages[entry] = age
		confidences[entry] = sure


func _emotions(all: Dictionary) -> void:
	var valence: float = all["valence"]
	var arousal: float = all["arousal"]
	var here := Vector2(valence, arousal)
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
	var fresh := quality["body"] * sensors.freshness("body")
	if fresh <= 0.0:
		return
	var relaxed := person.value_before("relaxation", _delay("relaxation"))
	var aroused := person.value_before("arousal", _delay("arousal"))
	all["heart_rate"] = person.value_before("heart_rate", _delay("heart_rate"))
	all["heart_rate_sd"] = 2.0
	all["breathing_rate"] = person.value_before("breathing_rate", _delay("breathing_rate"))
	all["breathing_rate_sd"] = 1.0
	all["rmssd"] = 18.0 + 46.0 * relaxed
	all["scl"] = 4.0 + 2.4 * (aroused + 1.0)
	all["scr_rate"] = 2.0 + 9.0 * clampf(0.5 + 0.5 * aroused, 0.0, 1.0)
	for name: String in ["heart_rate", "breathing_rate", "rmssd", "scl", "scr_rate"]:
		_rest_on(name, sensors.age("body"), 0.8 * fresh)


# What is seen of this moment.
func _live(all: Dictionary, person: SentioSimulatedPerson) -> void:
	if quality["face"] > 0.0 and sensors.measures("face"):
		all["smile"] = clampf(person.value("valence"), 0.0, 1.0)
	if quality["voice"] > 0.0:
		all["speaking"] = 1.0 if sensors.measures("voice") else 0.0
	if quality["body"] > 0.0 and sensors.measures("body"):
		all["breath_phase"] = fmod(person.breath() + 0.5, 1.0)


func _appraisals(all: Dictionary) -> void:
	for name: String in ["arousal", "valence", "engagement", "stress"]:
		if not all.has(name):
			return
	var drive: float = 0.5 + 0.5 * all["arousal"]
	var liking: float = 0.5 + 0.5 * all["valence"]
	var taken: float = all["engagement"]
	var strained: float = all["stress"]
	all["flow"] = clampf(taken * (1.0 - strained) * (0.4 + liking), 0.0, 1.0)
	all["boredom"] = clampf((1.0 - taken) * (1.0 - drive), 0.0, 1.0)
	all["frustration"] = clampf(strained * (1.0 - liking) * (0.5 + 0.5 * taken), 0.0, 1.0)
	all["anxiety"] = clampf(strained * drive * (1.0 - liking) * 1.4, 0.0, 1.0)
