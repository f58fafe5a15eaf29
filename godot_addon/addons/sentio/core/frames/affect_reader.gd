class_name SentioAffectReader
extends RefCounted
## Decodes published states: the sidecar's usual encoding in one pass, others with the general
## decoder.
##
## Both give the same frame; only the general decoder, [SentioWire] with
## [method SentioAffectFrame.from_wire], refuses messages.

## Upper bound of the map's bytes before its vector: seven entries of at most eleven bytes. Up to
## there a longer message needs no bounds checks.
const MAX_BEFORE_VECTOR := 80
const _MAP_OF_7 := 0x87
const _MAP_OF_8 := 0x88
const _KEY_V := 0xa176
const _KEY_E := 0xa165
const _KEY_N := 0xa16e
const _KEY_P := 0xa170
const _KEY_S := 0xa173
const _KEY_M := 0xa16d
const _KEY_X := 0xa178
const _KEY_T := 0xa174

## Empty, or the protocol's error code: [code]malformed[/code] or [code]version[/code].
var code := ""

var _in := StreamPeerBuffer.new()
var _wire := SentioWire.new()
var _topic := PackedByteArray()
var _subject := ""
var _vector := 4 * SentioAffectFrame.names.size()


func _init() -> void:
	_in.big_endian = true


## The frame in [param message], an [code]affect/<subject>[/code] message. Returns null and sets
## [member code] if it is refused.
func read(message: PackedByteArray) -> SentioAffectFrame:
	code = ""
	var frame := _read_usual(message)
	if frame:
		return frame
	if not _wire.read(message):
		code = _wire.code
		return null
	frame = SentioAffectFrame.from_wire(_wire)
	code = "" if frame else "malformed"
	return frame


## The map of the last refused message, for example to read its version.
func body() -> Dictionary:
	return _wire.body


# One long function: calls would cost more than the work that they do (docs/benchmarks.md). The
# order of the keys is the one of PROTOCOL.md, section 4.
func _read_usual(message: PackedByteArray) -> SentioAffectFrame:
	var end := message.find(0)
	var size := message.size()
	if end < 8 or size >= SentioWire.MAX_MESSAGE or size - end < MAX_BEFORE_VECTOR:
		return null
	var map := message[end + 1]
	var topic := message.slice(0, end)
	if map < _MAP_OF_7 or map > _MAP_OF_8 or topic != _topic and not _set_topic(topic):
		return null
	_in.data_array = message
	_in.seek(end + 2)
	var frame := SentioAffectFrame.new()
	frame.subject = _subject
	if _integer(_KEY_V) != SentioWire.VERSION:
		return null
	frame.epoch = _integer(_KEY_E)
	frame.seq = _integer(_KEY_N)
	if frame.epoch < 0 or frame.seq < 0 or _in.get_u16() != _KEY_P or _in.get_u8() != 0xcb:
		return null
	frame.sent = _in.get_double()
	var state := _integer(_KEY_S)
	frame._mask = _integer(_KEY_M)
	if frame._mask < 0 or state < 0 or state >= SentioAffectFrame.STATES.size():
		return null
	frame.state = SentioAffectFrame.STATES[state]
	if _in.get_u16() != _KEY_X or _in.get_u8() != 0xc4:
		return null
	var length := _in.get_u8()
	var start := _in.get_position()
	var rest := size - start - length
	if length < _vector or length % 4 != 0 or rest != (11 if map == _MAP_OF_8 else 0):
		return null
	var bytes := message.slice(start, start + _vector)
	for four in bytes.to_vector4_array():
		if not four.is_finite():
			return null
	frame._values = bytes.to_float32_array()
	if map == _MAP_OF_8:
		_in.seek(start + length)
		if _in.get_u16() != _KEY_T or _in.get_u8() != 0xcb:
			return null
		frame.captured = _in.get_double()
	return frame if is_finite(frame.sent) and is_finite(frame.captured) else null


func _set_topic(topic: PackedByteArray) -> bool:
	var text := topic.get_string_from_utf8()
	if not text.begins_with("affect/") or text.to_utf8_buffer() != topic:
		return false
	_topic = topic
	_subject = text.trim_prefix("affect/")
	return true


func _integer(key: int) -> int:
	if _in.get_u16() != key:
		return -1
	var tag := _in.get_u8()
	if tag < 0x80:
		return tag
	match tag:
		0xce:
			return _in.get_u32()
		0xcf:
			return _in.get_64()
		0xcd:
			return _in.get_u16()
		0xcc:
			return _in.get_u8()
	return -1
