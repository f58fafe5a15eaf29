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
## Names that are not in the vector and numbers that are not finite are ignored.
func build(values: Dictionary, state: String, now: float) -> SentioAffectFrame:
	var numbers := PackedFloat32Array()
	numbers.resize(SentioAffectFrame.names.size())
	var mask := 0
	for name: String in values:
		var index := SentioAffectFrame.names.find(name)
		var number: float = values[name]
		if index >= 0 and is_finite(number):
			numbers[index] = number
			mask |= 1 << index
	var wire := SentioWire.new()
	wire.topic = "affect/" + _subject
	wire.body = {
		"v": SentioWire.VERSION,
		"e": _epoch,
		"n": _seq,
		"p": now,
		"s": maxi(SentioAffectFrame.STATES.find(state), 0),
		"m": mask,
		"x": numbers.to_byte_array(),
	}
	if mask != 0:
		wire.body["t"] = now
	_seq += 1
	return SentioAffectFrame.from_wire(wire)
