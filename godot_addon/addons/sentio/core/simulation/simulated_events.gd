@tool
class_name SentioSimulatedEvents
extends RefCounted
## What a sidecar reports beside states: responses to markers, and changes of a dimension.
##
## Reads no clock: time is passed to [method advance].

## Seconds after a marker of the first and of the refined response.
const PHASES := {"first": 1.8, "refined": 9.0}
## Dimensions whose changes are reported.
const DIMENSIONS: Array[String] = ["valence_level", "arousal_level", "stress_level"]
## Smallest change of a level that is reported.
const STEP := 0.3
## Seconds for which it must last.
const LASTING := 1.5
## Time constant in seconds of the value that a change is compared with.
const REFERENCE_SECONDS := 40.0

var _markers: Array[Dictionary] = []
var _references := {}
var _lasted := {}


## A marker at [param time] to which the person reacts by [param step] of valence, arousal and
## stress.
func mark(name: String, time: float, step: Vector3) -> void:
	for phase: String in PHASES:
		_markers.append(
			{"name": name, "time": time, "step": step, "phase": phase, "due": time + PHASES[phase]}
		)


## Advances by [param delta] seconds to [param now]; [param levels] by name, those that are known.
## Returns what is due: [code]{kind, name, data}[/code].
func advance(delta: float, now: float, levels: Dictionary) -> Array[Dictionary]:
	var due: Array[Dictionary] = []
	for one: Dictionary in _markers.filter(func(it: Dictionary) -> bool: return it["due"] <= now):
		due.append({"kind": "response", "name": one["name"], "data": _response(one)})
	_markers = _markers.filter(func(it: Dictionary) -> bool: return it["due"] > now)
	for name in DIMENSIONS:
		var level: float = levels.get(name, NAN)
		if is_finite(level):
			var change := _change(name, level, delta)
			if not change.is_empty():
				due.append({"kind": "change", "name": name.trim_suffix("_level"), "data": change})
	return due


func _response(one: Dictionary) -> Dictionary:
	var step: Vector3 = one["step"]
	var size := maxf(step.abs().y, maxf(step.abs().x, step.abs().z))
	var refined: bool = one["phase"] == "refined"
	return {
		"phase": one["phase"],
		"marker_time": one["time"],
		"detected": size >= 0.1,
		"score": 6.0 * size,
		"p": 0.01 if size >= 0.1 else 0.5,
		"pattern": "startle" if size >= 0.5 else "orienting" if size >= 0.1 else "",
		"reliability": 0.9 if refined else 0.6,
		"reasons": [],
		"changes":
		{
			"valence": _moved(step.x),
			"arousal": _moved(step.y),
			"stress": _moved(step.z),
		},
	}


static func _moved(step: float) -> Dictionary:
	return {"delta": step, "effect": 6.0 * step, "p": 0.01, "reliability": 0.9}


func _change(name: String, level: float, delta: float) -> Dictionary:
	var reference: float = _references.get(name, level)
	var moved := level - reference
	var lasted: float = _lasted.get(name, 0.0)
	if absf(moved) < STEP:
		_lasted[name] = 0.0
		_references[name] = lerpf(reference, level, 1.0 - exp(-delta / REFERENCE_SECONDS))
		return {}
	lasted += delta
	_lasted[name] = lasted
	_references[name] = reference
	if lasted < LASTING:
		return {}
	_references[name] = level
	_lasted[name] = 0.0
	return {
		"direction": "up" if moved > 0.0 else "down",
		"size": moved,
		"since": lasted,
		"probability": 0.95,
	}
