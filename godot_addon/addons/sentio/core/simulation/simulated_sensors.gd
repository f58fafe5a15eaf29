@tool
class_name SentioSimulatedSensors
extends RefCounted
## Simulated sensors with the gaps and delays of real ones: a player looks away, is silent, moves.
##
## Reads no clock: time is passed to [method advance]. The same seed gives the same gaps.

## Mean seconds between two gaps, by modality.
const BETWEEN: Dictionary[String, float] = {"face": 25.0, "voice": 6.0, "body": 45.0, "eeg": 20.0}
## Shortest and longest gap in seconds.
const GAPS := {
	"face": Vector2(0.5, 3.0),
	"voice": Vector2(3.0, 12.0),
	"body": Vector2(1.0, 5.0),
	"eeg": Vector2(1.0, 4.0),
}
## Seconds for which the last evidence of a modality counts, as in the sidecar.
const LIFE: Dictionary[String, float] = {"face": 5.0, "voice": 10.0, "body": 5.0, "eeg": 5.0}
## Seconds from a moment to its estimate.
const DELAY: Dictionary[String, float] = {"face": 0.2, "voice": 1.0, "body": 1.0, "eeg": 0.5}

## Whether there are neither gaps nor delays.
var ideal := false

var _left := {}
var _waits := {}
var _silent: Dictionary[String, float] = {}
var _random := RandomNumberGenerator.new()


func _init(random_seed: int = 1) -> void:
	_random.seed = random_seed
	for name: String in BETWEEN:
		_left[name] = 0.0
		_silent[name] = 0.0
		_waits[name] = _next(name)


## Advances by [param delta] seconds.
func advance(delta: float) -> void:
	for name: String in BETWEEN:
		if _left[name] > 0.0:
			_left[name] -= delta
			_silent[name] += delta
			continue
		_silent[name] = 0.0
		_waits[name] -= delta
		if _waits[name] <= 0.0:
			var bounds: Vector2 = GAPS[name]
			_left[name] = _random.randf_range(bounds.x, bounds.y)
			_waits[name] = _next(name)


## Whether [param modality] measures now.
func measures(modality: String) -> bool:
	return ideal or _left[modality] <= 0.0


## Seconds since the newest evidence of [param modality].
func age(modality: String) -> float:
	return 0.04 if ideal else _silent[modality] + DELAY[modality]


## How much of the evidence of [param modality] still counts, 0..1.
func freshness(modality: String) -> float:
	var silent := _silent[modality]
	return 1.0 if ideal else clampf(2.0 * (1.0 - silent / LIFE[modality]), 0.0, 1.0)


func _next(modality: String) -> float:
	return -BETWEEN[modality] * log(maxf(_random.randf(), 1e-6))
