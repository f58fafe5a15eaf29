@tool
class_name SentioSimulatedEvents
extends RefCounted
## What a sidecar reports beside states: responses to markers, startles, and changes of a dimension.
##
## Reads no clock: time is passed to [method advance].

## Seconds after a marker of the first and of the refined response.
const KINDS := {"first_response": 1.9, "response": 9.0}
## Seconds after a marker at which a startle is reported.
const STARTLED := 0.7
## Smallest step that is a startle.
const STARTLES := 0.5
## Seconds that a sigh of relief follows falling stress.
const SIGHS := 2.0
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
	for kind: String in KINDS:
		_markers.append(
			{"name": name, "time": time, "step": step, "kind": kind, "due": time + KINDS[kind]}
		)
	if _size(step) >= STARTLES:
		var due := time + STARTLED
		_markers.append(
			{"name": "startle", "time": time, "step": step, "kind": "expression", "due": due}
		)


## Advances by [param delta] seconds to [param now]; [param levels] by name, those that are known.
## Returns what is due: [code]{kind, name, time, data}[/code].
func advance(delta: float, now: float, levels: Dictionary) -> Array[Dictionary]:
	var due: Array[Dictionary] = []
	for one: Dictionary in _markers.filter(func(it: Dictionary) -> bool: return it["due"] <= now):
		var data := _expression(one) if one["kind"] == "expression" else _response(one)
		due.append({"kind": one["kind"], "name": one["name"], "time": one["time"], "data": data})
	_markers = _markers.filter(func(it: Dictionary) -> bool: return it["due"] > now)
	for name in DIMENSIONS:
		var level: float = levels.get(name, NAN)
		if is_finite(level):
			var change := _change(name, level, delta, now)
			if not change.is_empty():
				due.append(change)
				if change["name"] == "stress" and change["data"]["direction"] == "down":
					_sigh(now)
	return due


# Stress that falls ends in a sigh of relief.
func _sigh(now: float) -> void:
	_markers.append(
		{
			"name": "sigh",
			"time": now,
			"step": Vector3(0.0, STARTLES, 0.0),
			"kind": "expression",
			"due": now + SIGHS
		}
	)


static func _size(step: Vector3) -> float:
	return maxf(step.abs().y, maxf(step.abs().x, step.abs().z))


static func _expression(one: Dictionary) -> Dictionary:
	var step: Vector3 = one["step"]
	var size := _size(step)
	var data := {
		"strength": minf(size, 1.0),
		"probability": 0.6 + 0.35 * minf(size, 1.0),
		"found": one["due"],
	}
	if one["name"] == "startle":
		data["sources"] = ["face", "heart"]
	return data


func _response(one: Dictionary) -> Dictionary:
	var step: Vector3 = one["step"]
	var size := _size(step)
	var refined: bool = one["kind"] == "response"
	return {
		"marker_time": one["time"],
		"detected": size >= 0.1,
		"score": 6.0 * size,
		"p": 0.01 if size >= 0.1 else 0.5,
		"pattern": "startle" if size >= STARTLES else "orienting" if size >= 0.1 else "",
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


func _change(name: String, level: float, delta: float, now: float) -> Dictionary:
	var before: float = _references.get(name, level)
	var moved := level - before
	var lasted: float = _lasted.get(name, 0.0)
	if absf(moved) < STEP:
		_lasted[name] = 0.0
		_references[name] = lerpf(before, level, 1.0 - exp(-delta / REFERENCE_SECONDS))
		return {}
	lasted += delta
	_lasted[name] = lasted
	_references[name] = before
	if lasted < LASTING:
		return {}
	_references[name] = level
	_lasted[name] = 0.0
	var dimension := name.trim_suffix("_level")
	var ends: Vector2 = SentioSimulatedReading.RANGES[dimension]
	var data := {
		"direction": "up" if moved > 0.0 else "down",
		"from": lerpf(ends.x, ends.y, before),
		"to": lerpf(ends.x, ends.y, level),
		"probability": 0.95,
		"found": now,
	}
	return {"kind": "change", "name": dimension, "time": now - lasted, "data": data}
