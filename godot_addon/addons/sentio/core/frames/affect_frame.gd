@tool
class_name SentioAffectFrame
extends RefCounted
## One estimate of a person's affect, as the sidecar sent it.

## States by number (PROTOCOL.md, section 4).
const STATES: Array[String] = ["ok", "warming", "stale", "no_subject", "withdrawn"]
## How many entries the mask of the wire covers: those of version 1.0.
const MASK_ENTRIES := 60
## Entries in one presence word.
const WORD_BITS := 31
## Entries in two presence words.
const TWO_WORDS_BITS := 62
## A presence word with every bit set.
const WORD := 0x7fffffff
## Bytes of an entry's age and confidence: two and one.
const EVIDENCE_BYTES := 3
## Seconds of one unit of an age on the wire.
const AGE_STEP := 0.01
## Code of an unknown age on the wire.
const AGE_UNKNOWN := 0xffff
## Code of confidence 1 on the wire.
const CONFIDENCE_MOST := 254
## Seconds for which the ages and confidences of an earlier frame count.
const EVIDENCE_SECONDS := 1.0
## End of a level's name; it is a rank in the person's own range, 0..1.
const LEVEL := "_level"
## End of a deviation's name.
const DEVIATION := "_sd"
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
	"valence_level",
	"arousal_level",
	"stress_level",
	"engagement_level",
	"relaxation_level",
	"focus_level",
	"valence_level_sd",
	"arousal_level_sd",
	"stress_level_sd",
	"engagement_level_sd",
	"relaxation_level_sd",
	"focus_level_sd",
	"heart_rate_sd",
	"rmssd_sd",
	"breathing_rate_sd",
	"scl_sd",
	"scr_rate_sd",
	"mood_valence_sd",
	"mood_arousal_sd",
	"mood_dominance_sd",
	"flow_sd",
	"boredom_sd",
	"frustration_sd",
	"anxiety_sd",
	"smile",
	"blink",
	"laughter",
	"speaking",
	"heart_rate_acceleration",
	"breath_phase",
	"scr_now",
]
# End of names.

static var _index: Dictionary[String, int] = _indices()
# For each entry, the one that its evidence is about: valence for valence_level_sd.
static var _base: PackedInt32Array = _bases()
# For each entry, whether sensors measure it rather than the fusion estimates it.
static var _measured: PackedByteArray = _measurements()

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

# Bit i is set where entry i is known, for the first two words' entries.
var _mask := 0
# Bit b of word k is set where entry 31 k + b is known; empty where the mask alone came.
var _words: PackedInt32Array
var _values: PackedFloat32Array
# As on the wire; empty where the frame carries none.
var _evidence: PackedByteArray
# Seconds by which the evidence was sent before this frame.
var _evidence_late := 0.0


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
	var entries := bytes.size() >> 2
	if not known_state or bytes.size() % 4 != 0 or entries < MASK_ENTRIES:
		return null
	var frame := SentioAffectFrame.new()
	var mask: int = body["m"]
	frame._take_mask(mask)
	var words: Variant = body.get("w")
	if words != null and not frame._take_words(words, entries):
		return null
	if not frame._take_evidence(body.get("a"), entries):
		return null
	frame._values = bytes.to_float32_array()
	for index in mini(entries, names.size()):
		if frame._is_known(index) and not is_finite(frame._values[index]):
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
	return _is_known(_at(name))


## The entry [param name], or [param unknown] if it is not known.
func value(name: String, unknown: float = NAN) -> float:
	var index := _at(name)
	return _values[index] if _is_known(index) else unknown


## The entry [param name], as nodes use it; NAN if unknown. An unknown level is computed from the
## entry that it ranks, in the range of all people: an older sidecar sends no levels.
func effective_value(name: String) -> float:
	var index := _at(name)
	if _is_known(index):
		return _values[index]
	if not name.ends_with(LEVEL) or index < 0 or not _is_known(_base[index]):
		return NAN
	var found := _values[_base[index]]
	return clampf(0.5 + 0.5 * found if _base[index] < 3 else found, 0.0, 1.0)


## The confidence of the entry [param name], as nodes use it, 0..1; 0 where it is unknown. Where no
## [method confidence] was sent: 1 for what a sensor measures, else the entry
## [code]confidence[/code].
func effective_confidence(name: String) -> float:
	var index := _at(name)
	var own := _sure(index)
	if not is_nan(own):
		return own
	if index < 0 or not _is_known(index) and is_nan(effective_value(name)):
		return 0.0
	return SentioEntryConfidence.of(
		own, _sure(_base[index]), _measured[index] == 1, value("confidence")
	)


## [method effective_value] and [method effective_confidence], as x and y, of the entry with the
## number [param index] in [member names]. One call for nodes that need both in each frame.
func reading(index: int) -> Vector2:
	if index < 0 or index >= names.size():
		return Vector2(NAN, 0.0)
	@warning_ignore("integer_division")
	var word := index / WORD_BITS
	if _evidence and word < _words.size() and _words[word] >> index % WORD_BITS & 1 == 1:
		var units := _evidence[EVIDENCE_BYTES * index + 2]
		if units <= CONFIDENCE_MOST:
			return Vector2(_values[index], float(units) / CONFIDENCE_MOST)
	return Vector2(effective_value(names[index]), effective_confidence(names[index]))


## Deprecated: the former name of [method effective_value]; to be removed in the next version.
func followed(name: String) -> float:
	SentioDeprecated.warn("SentioAffectFrame.followed()", "effective_value()")
	return effective_value(name)


## Deprecated: the former name of [method effective_confidence]; to be removed in the next version.
func trust(name: String) -> float:
	SentioDeprecated.warn("SentioAffectFrame.trust()", "effective_confidence()")
	return effective_confidence(name)


## Whether the frame has ages and confidences: its own, or those of a frame up to
## [constant EVIDENCE_SECONDS] before, because they are sent at a lower rate.
func has_evidence() -> bool:
	return not _evidence.is_empty()


## Whether it comes from a sidecar of protocol 1.1 or later, which sends ages and confidences.
func has_words() -> bool:
	return not _words.is_empty()


## Seconds from the newest evidence for the entry [param name] to [member sent]; NAN where that is
## not known.
func age(name: String) -> float:
	var index := _at(name)
	if _evidence.is_empty() or not _is_known(index):
		return NAN
	var units := _evidence.decode_u16(EVIDENCE_BYTES * index)
	return AGE_STEP * units + _evidence_late if units != AGE_UNKNOWN else NAN


## How much is known of the entry [param name], 0..1; NAN where that is not known.
func confidence(name: String) -> float:
	return _sure(_at(name))


## Takes the ages and confidences of [param before], an earlier frame, if this one has none and they
## are not too old. For feeds.
func keep_evidence(before: SentioAffectFrame) -> void:
	if before == null or before._evidence.is_empty() or not _evidence.is_empty():
		return
	var late := sent - before.sent + before._evidence_late
	var same := before.epoch == epoch and before.subject == subject
	if not same or before._values.size() != _values.size() or late < 0.0:
		return
	if late <= EVIDENCE_SECONDS:
		_evidence = before._evidence
		_evidence_late = late


# The index of an entry; -1 with a warning, once for each name, where there is none.
static func _at(name: String) -> int:
	var index: int = _index.get(name, -1)
	if index < 0:
		SentioNameCheck.entry(name)
	return index


func _sure(index: int) -> float:
	if _evidence.is_empty() or not _is_known(index):
		return NAN
	var units := _evidence[EVIDENCE_BYTES * index + 2]
	return float(units) / CONFIDENCE_MOST if units <= CONFIDENCE_MOST else NAN


func _is_known(index: int) -> bool:
	if index < TWO_WORDS_BITS:
		return index >= 0 and _mask >> index & 1 == 1
	@warning_ignore("integer_division")
	var word := index / WORD_BITS
	return word < _words.size() and _words[word] >> index % WORD_BITS & 1 == 1


func _take_mask(mask: int) -> void:
	_mask = mask & (1 << MASK_ENTRIES) - 1


# The words of the entries that are both sent and known here; false where they are malformed.
func _take_words(block: Variant, entries: int) -> bool:
	if not block is Array:
		return false
	var words: Array = block
	if words.size() != ceili(float(entries) / WORD_BITS):
		return false
	var left := mini(entries, names.size())
	for given: Variant in words:
		if not given is int or given < 0 or given > WORD:
			return false
		var word: int = given
		_words.append(word & (1 << clampi(left, 0, WORD_BITS)) - 1)
		left -= WORD_BITS
	_mask = _words[0] | _words[1] << WORD_BITS
	return true


func _take_evidence(block: Variant, entries: int) -> bool:
	if block == null:
		return true
	if not block is PackedByteArray or len(block) != EVIDENCE_BYTES * entries:
		return false
	_evidence = block
	return true


## The number of the entry [param name] in [member names]; -1 if there is none.
static func index_of(name: String) -> int:
	return _index.get(name, -1)


static func _indices() -> Dictionary[String, int]:
	var all: Dictionary[String, int] = {}
	for index in names.size():
		all[names[index]] = index
	return all


static func _bases() -> PackedInt32Array:
	var all := PackedInt32Array()
	for index in names.size():
		var base: int = _index.get(names[index].trim_suffix(DEVIATION).trim_suffix(LEVEL), index)
		all.append(base)
	return all


static func _measurements() -> PackedByteArray:
	var all := PackedByteArray()
	all.resize(names.size())
	for span: Array in [
		["heart_rate", "scr_rate"],
		["confidence", "self_age"],
		["heart_rate_sd", "scr_rate_sd"],
		["smile", "scr_now"],
	]:
		for index in range(_index[span[0]], _index[span[1]] + 1):
			all[index] = 1
	return all
