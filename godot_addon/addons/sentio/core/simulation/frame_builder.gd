@tool
class_name SentioFrameBuilder
extends RefCounted
## Builds frames from named numbers.
##
## For simulators and tests. Frames pass through the decoder, so they are like received ones.

## The modalities of the affect vector, in its order (PROTOCOL.md, section 4).
const MODALITIES: Array[String] = [
	"face", "voice", "body", "eeg", "text", "headset", "game", "self"
]

var _subject: String
var _epoch: int
var _seq := 0


## Frames of [param subject], counted from 0 within [param epoch].
func _init(subject: String, epoch: int) -> void:
	_subject = subject
	_epoch = epoch


## The next frame: [param values] by name, all others unknown. [param state] is one of
## [constant SentioAffectFrame.STATES], [param now] is in seconds of the caller's clock.
## [param ages] in seconds and [param confidences] 0..1, by name, are of known entries; where both
## are empty, the frame carries none. Names that are not in the vector and numbers that are not
## finite are ignored.
func build(
	values: Dictionary,
	state: String,
	now: float,
	ages: Dictionary = {},
	confidences: Dictionary = {}
) -> SentioAffectFrame:
	var numbers := PackedFloat32Array()
	numbers.resize(SentioAffectFrame.names.size())
	var words: Array[int] = []
	words.resize(ceili(float(numbers.size()) / SentioAffectFrame.WORD_BITS))
	for name: String in values:
		var index := SentioAffectFrame.names.find(name)
		var number: float = values[name]
		if index >= 0 and is_finite(number):
			numbers[index] = number
			@warning_ignore("integer_division")
			words[index / SentioAffectFrame.WORD_BITS] |= 1 << index % SentioAffectFrame.WORD_BITS
	var wire := SentioWire.new()
	wire.topic = "affect/" + _subject
	wire.body = {
		"v": SentioWire.VERSION,
		"e": _epoch,
		"n": _seq,
		"p": now,
		"s": maxi(SentioAffectFrame.STATES.find(state), 0),
		"m": 0,
		"x": numbers.to_byte_array(),
		"w": words,
	}
	if words.any(func(word: int) -> bool: return word != 0):
		wire.body["t"] = now
	if ages or confidences:
		wire.body["a"] = _evidence(ages, confidences)
	_seq += 1
	return SentioAffectFrame.from_wire(wire)


static func _evidence(ages: Dictionary, confidences: Dictionary) -> PackedByteArray:
	var block := PackedByteArray()
	block.resize(SentioAffectFrame.EVIDENCE_BYTES * SentioAffectFrame.names.size())
	block.fill(0xff)
	for index in SentioAffectFrame.names.size():
		var at := SentioAffectFrame.EVIDENCE_BYTES * index
		var age: float = ages.get(SentioAffectFrame.names[index], NAN)
		var confidence: float = confidences.get(SentioAffectFrame.names[index], NAN)
		if is_finite(age):
			var units := roundi(age / SentioAffectFrame.AGE_STEP)
			block.encode_u16(at, clampi(units, 0, SentioAffectFrame.AGE_UNKNOWN - 1))
		if is_finite(confidence):
			block[at + 2] = roundi(clampf(confidence, 0.0, 1.0) * SentioAffectFrame.CONFIDENCE_MOST)
	return block
