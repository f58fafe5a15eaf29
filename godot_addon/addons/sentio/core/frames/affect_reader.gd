class_name SentioAffectReader
extends RefCounted
## Reads published states fast: the sidecar's own encoding in one pass, any other by the book.
##
## What this reads by itself, [SentioWire] and [method SentioAffectFrame.from_wire] read to the same
## frame; what it does not know it leaves to them, and so does the decision what is refused.

## Most bytes of the map before its vector: seven entries of at most eleven bytes. A message that is
## longer can be read so far without looking at each byte whether it is there.
const MOST_BEFORE_VECTOR := 80
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

## Empty, or the protocol's code of what was wrong: [code]malformed[/code] or [code]version[/code].
var code := ""

var _in := StreamPeerBuffer.new()
var _wire := SentioWire.new()
var _topic := PackedByteArray()
var _subject := ""
var _vector := 4 * SentioAffectFrame.names.size()


func _init() -> void:
	_in.big_endian = true


## The frame in [param message], an [code]affect/<subject>[/code] message; null, with [member code]
## set, where it is refused.
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


## The map that was refused last: which version it has, for example.
func body() -> Dictionary:
	return _wire.body


# One function for all of it: what is called once in a frame costs more by being called than by
# what it does (docs/benchmarks.md). The order of the keys is the one of PROTOCOL.md, section 4.
func _read_usual(message: PackedByteArray) -> SentioAffectFrame:
	var end := message.find(0)
	var size := message.size()
	if end < 8 or size >= SentioWire.MAX_MESSAGE or size - end < MOST_BEFORE_VECTOR:
		return null
	var map := message[end + 1]
	var topic := message.slice(0, end)
	if map < _MAP_OF_7 or map > _MAP_OF_8 or topic != _topic and not _learn(topic):
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


func _learn(topic: PackedByteArray) -> bool:
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
