@tool
class_name SentioAffectFrame
extends RefCounted
## One estimate of a person's affect, as the sidecar sent it.

## States by number (PROTOCOL.md, section 4).
const STATES: Array[String] = ["ok", "warming", "stale", "no_subject", "withdrawn"]
## Names of the affect vector's entries, in their order.
static var names: PackedStringArray = _layout()

static var _index: Dictionary[String, int] = _indices()

## The subject's name.
var subject := ""
## Changes at every start of the sidecar; sequence numbers of different epochs cannot be compared.
var epoch := 0
## Counts the subject's frames, from 0.
var seq := 0
## When it was sent, seconds of the sidecar's clock.
var sent := 0.0
## Capture time of the newest sample, seconds of the sidecar's clock; -1 if there is none.
var captured := -1.0
## One of [constant STATES].
var state := ""

var _mask := 0
var _values := PackedFloat32Array()


## The frame in the message that [param wire] has read; null if it is malformed.
static func from_wire(wire: SentioWire) -> SentioAffectFrame:
	var body := wire.body
	for key: String in ["e", "n", "s", "m"]:
		if not body.get(key) is int:
			return null
	for key: String in ["p", "t"]:
		if not (body.get(key, 0.0) is float or body[key] is int):
			return null
	if not wire.topic.begins_with("affect/") or not body.get("x") is PackedByteArray:
		return null
	var bytes: PackedByteArray = body["x"]
	var known_state: bool = body["s"] >= 0 and body["s"] < STATES.size()
	if not known_state or bytes.size() % 4 != 0 or bytes.size() < 4 * names.size():
		return null
	var frame := SentioAffectFrame.new()
	frame._mask = body["m"]
	frame._values = bytes.to_float32_array()
	for index in names.size():
		if frame._mask >> index & 1 and not is_finite(frame._values[index]):
			return null
	frame.subject = wire.topic.trim_prefix("affect/")
	frame.epoch = body["e"]
	frame.seq = body["n"]
	frame.sent = body.get("p", 0.0)
	frame.captured = body.get("t", -1.0)
	frame.state = STATES[body["s"]]
	return frame


## Whether the entry [param name] is known in this frame.
func has(name: String) -> bool:
	var index: int = _index.get(name, -1)
	return index >= 0 and _mask >> index & 1 == 1


## The entry [param name], or [param unknown] if it is not known.
func value(name: String, unknown: float = NAN) -> float:
	var index: int = _index.get(name, -1)
	return _values[index] if index >= 0 and _mask >> index & 1 == 1 else unknown


static func _layout() -> PackedStringArray:
	var all := PackedStringArray()
	for text: String in [
		"valence arousal dominance valence_sd arousal_sd dominance_sd",
		"p_neutral p_happiness p_surprise p_sadness p_anger p_disgust p_fear p_contempt entropy",
		"stress engagement relaxation focus stress_sd engagement_sd relaxation_sd focus_sd",
		"heart_rate rmssd breathing_rate scl scr_rate mood_valence mood_arousal mood_dominance",
		"flow boredom frustration anxiety confidence",
	]:
		all.append_array(text.split(" "))
	for modality: String in "face voice body eeg text headset game self".split(" "):
		for part: String in ["weight", "quality", "age"]:
			all.append(modality + "_" + part)
	return all


static func _indices() -> Dictionary[String, int]:
	var all: Dictionary[String, int] = {}
	for index in names.size():
		all[names[index]] = index
	return all
