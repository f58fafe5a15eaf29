@tool
class_name SentioSimulatedPerson
extends RefCounted
## A simulated person: levels that ease towards targets, with noise, startle and breath.
##
## Reads no clock: time is passed to [method advance]. The same seed gives the same values.

## Time constants in seconds; the body is slower than the face.
const EASE := {
	"valence": 1.5,
	"arousal": 2.5,
	"dominance": 3.0,
	"stress": 4.0,
	"engagement": 4.0,
	"relaxation": 5.0,
	"focus": 5.0,
	"heart_rate": 4.0,
	"breathing_rate": 6.0,
}
## Half-life of a startle in seconds.
const STARTLE_HALF := 5.0
## Beats a minute that a full step of arousal adds to the heart rate.
const STARTLE_BEATS := 26.0
## Time constant of the mood in seconds.
const MOOD_SECONDS := 60.0
## Correlation time of the noise in seconds.
const NOISE_SECONDS := 1.2
## Amplitude of the noise at 1, by name; 0.1 for the others.
const NOISE_SIZE := {"heart_rate": 4.0, "breathing_rate": 1.0}

## Longest time in seconds for which earlier values are kept.
const PAST_SECONDS := 6.0

## Amount of noise, 0..1.
var noise := 0.3

var _levels := SentioScenario.REST.duplicate()
var _jitter: Dictionary[String, float] = {}
var _startle := Vector3.ZERO
var _mood := Vector3.ZERO
var _breath := 0.0
var _now := 0.0
# Times and values, the oldest first.
var _past: Array[Dictionary] = []
var _random := RandomNumberGenerator.new()


func _init(random_seed: int = 1) -> void:
	_random.seed = random_seed


## Adds steps of valence, arousal and stress that fade over some seconds.
func startle(step: Vector3) -> void:
	_startle = (_startle + step).clampf(-1.0, 1.0)


## Advances by [param delta] seconds towards the targets [param wanted].
func advance(delta: float, wanted: Dictionary) -> void:
	_now += delta
	_startle *= pow(0.5, delta / STARTLE_HALF)
	for name: String in _levels:
		var level: float = _levels[name]
		var goal: float = wanted.get(name, level)
		var seconds: float = EASE[name]
		_levels[name] = lerpf(level, goal, 1.0 - exp(-delta / seconds))
		var keep := exp(-delta / NOISE_SECONDS)
		var old: float = _jitter.get(name, 0.0)
		_jitter[name] = old * keep + sqrt(1.0 - keep * keep) * _random.randfn()
	var breaths: float = _levels["breathing_rate"]
	_breath = fmod(_breath + delta * breaths / 60.0, 1.0)
	var now := Vector3(value("valence"), value("arousal"), value("dominance"))
	_mood = _mood.lerp(now, 1.0 - exp(-delta / MOOD_SECONDS))
	_remember()


## Phase of the breath: 0 starts the inhale, 0.5 the exhale.
func breath() -> float:
	return _breath


## Seconds that the person was advanced by.
func time() -> float:
	return _now


## Slow valence, arousal and dominance.
func mood() -> Vector3:
	return _mood


## The value [param name] now, within its range.
func value(name: String) -> float:
	var size: float = NOISE_SIZE.get(name, 0.1)
	var jitter: float = _jitter.get(name, 0.0)
	var raw: float = _levels[name] + noise * size * jitter
	match name:
		"valence":
			return clampf(raw + _startle.x, -1.0, 1.0)
		"arousal":
			return clampf(raw + _startle.y, -1.0, 1.0)
		"dominance":
			return clampf(raw, -1.0, 1.0)
		"stress":
			return clampf(raw + _startle.z, 0.0, 1.0)
		"heart_rate":
			return maxf(raw + STARTLE_BEATS * _startle.y + _sinus_arrhythmia(), 40.0)
		"breathing_rate":
			return clampf(raw, 4.0, 40.0)
	return clampf(raw, 0.0, 1.0)


## The value [param name] as it was [param seconds] ago; the oldest one kept if that is longer.
func value_before(name: String, seconds: float) -> float:
	if seconds <= 0.0:
		return value(name)
	for index in range(_past.size() - 1, -1, -1):
		if _past[index]["time"] <= _now - seconds:
			return _past[index][name]
	return _past[0][name] if not _past.is_empty() else value(name)


func _remember() -> void:
	var all := {"time": _now}
	for name: String in _levels:
		all[name] = value(name)
	_past.append(all)
	while _past[0]["time"] < _now - PAST_SECONDS:
		_past.pop_front()


## Respiratory sinus arrhythmia in beats a minute: stronger when calm and when breathing slowly.
func _sinus_arrhythmia() -> float:
	var calm: float = _levels["relaxation"]
	var breaths: float = _levels["breathing_rate"]
	return 9.0 * calm * clampf(6.0 / breaths, 0.2, 1.0) * sin(TAU * _breath)
