@tool
class_name SentioAffectFrame
extends RefCounted
## One estimate of a person's affect, as the sidecar sent it.

## States by number (PROTOCOL.md, section 4).
const STATES: Array[String] = ["ok", "warming", "stale", "no_subject", "withdrawn"]
# Begin of names: written by tests/vectors/make_entries.py.
## Names of the affect vector's entries, in their order.
static var names: PackedStringArray = [
	"valence",
	"arousal",
	"dominance",
	"valence_sd",
	"arousal_sd",
	"dominance_sd",
	"p_neutral",
	"p_happiness",
	"p_surprise",
	"p_sadness",
	"p_anger",
	"p_disgust",
	"p_fear",
	"p_contempt",
	"entropy",
	"stress",
	"engagement",
	"relaxation",
	"focus",
	"stress_sd",
	"engagement_sd",
	"relaxation_sd",
	"focus_sd",
	"heart_rate",
	"rmssd",
	"breathing_rate",
	"scl",
	"scr_rate",
	"mood_valence",
	"mood_arousal",
	"mood_dominance",
	"flow",
	"boredom",
	"frustration",
	"anxiety",
	"confidence",
	"face_weight",
	"face_quality",
	"face_age",
	"voice_weight",
	"voice_quality",
	"voice_age",
	"body_weight",
	"body_quality",
	"body_age",
	"eeg_weight",
	"eeg_quality",
	"eeg_age",
	"text_weight",
	"text_quality",
	"text_age",
	"headset_weight",
	"headset_quality",
	"headset_age",
	"game_weight",
	"game_quality",
	"game_age",
	"self_weight",
	"self_quality",
	"self_age",
]
# End of names.

static var _index: Dictionary[String, int] = _indices()

## Who the frame is about.
var subject := ""
## New at every start of the sidecar; frames of different epochs do not compare.
var epoch := 0
## Counts the subject's frames, from 0.
var seq := 0
## When it was sent, seconds of the sidecar's clock.
var sent := 0.0
## Capture time of the newest sample, seconds of the sidecar's clock; -1 where there is none.
var captured := -1.0
## One of [constant STATES].
var state := ""

var _mask := 0
var _values := PackedFloat32Array()


## The frame in what [param wire] has read; null where it is malformed.
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


## The entry [param name], or [param unknown] where it is not known.
func value(name: String, unknown: float = NAN) -> float:
	var index: int = _index.get(name, -1)
	return _values[index] if index >= 0 and _mask >> index & 1 == 1 else unknown


static func _indices() -> Dictionary[String, int]:
	var all: Dictionary[String, int] = {}
	for index in names.size():
		all[names[index]] = index
	return all
