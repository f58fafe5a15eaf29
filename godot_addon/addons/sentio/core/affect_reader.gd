class_name SentioAffectReader
extends RefCounted
## Reads published states fast: the sidecar's own encoding in one pass, any other by the book.
##
## What this reads by itself, [SentioWire] and [method SentioAffectFrame.from_wire] read to the same
## frame; what it does not know it leaves to them, and so does the decision what is refused.

## Zero bytes after the message, so that reading a damaged one never leaves the buffer: at most
## seven entries of at most eleven bytes.
const PADDING := 80
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


func _read_usual(message: PackedByteArray) -> SentioAffectFrame:
	var end := message.find(0)
	var size := message.size()
	if (
		end < 8
		or size >= SentioWire.MAX_MESSAGE
		or size - end < 2
		or message[end + 1] & 0xf0 != 0x80
	):
		return null
	var topic := message.slice(0, end)
	if topic != _topic and not _learn(topic):
		return null
	var frame := SentioAffectFrame.new()
	frame.subject = _subject
	var padded := message.duplicate()
	padded.resize(size + PADDING)
	_in.data_array = padded
	_in.seek(end + 2)
	if not _entries(frame, message[end + 1] & 0x0f, message) or _in.get_position() != size:
		return null
	return frame


func _learn(topic: PackedByteArray) -> bool:
	var text := topic.get_string_from_utf8()
	if not text.begins_with("affect/") or text.to_utf8_buffer() != topic:
		return false
	_topic = topic
	_subject = text.trim_prefix("affect/")
	return true


# The order of the keys is the one in which PROTOCOL.md, section 4, writes them.
func _entries(frame: SentioAffectFrame, count: int, message: PackedByteArray) -> bool:
	if count < 7 or count > 8 or _integer(_KEY_V) != SentioWire.VERSION:
		return false
	frame.epoch = _integer(_KEY_E)
	frame.seq = _integer(_KEY_N)
	if frame.epoch < 0 or frame.seq < 0 or _in.get_u16() != _KEY_P or _in.get_u8() != 0xcb:
		return false
	frame.sent = _in.get_double()
	var state := _integer(_KEY_S)
	frame._mask = _integer(_KEY_M)
	if frame._mask < 0 or state < 0 or state >= SentioAffectFrame.STATES.size():
		return false
	frame.state = SentioAffectFrame.STATES[state]
	if _in.get_u16() != _KEY_X or _in.get_u8() != 0xc4 or not _take_vector(frame, message):
		return false
	if count == 8:
		if _in.get_u16() != _KEY_T or _in.get_u8() != 0xcb:
			return false
		frame.captured = _in.get_double()
	return is_finite(frame.sent) and is_finite(frame.captured)


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


func _take_vector(frame: SentioAffectFrame, message: PackedByteArray) -> bool:
	var length := _in.get_u8()
	var start := _in.get_position()
	if length < _vector or length % 4 != 0 or start + length > message.size():
		return false
	var bytes := message.slice(start, start + _vector)
	for four in bytes.to_vector4_array():
		if not four.is_finite():
			return false
	frame._values = bytes.to_float32_array()
	_in.seek(start + length)
	return true
