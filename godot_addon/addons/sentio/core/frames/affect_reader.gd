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
const _MAP_OF_10 := 0x8a
const _KEY_V := 0xa176
const _KEY_E := 0xa165
const _KEY_N := 0xa16e
const _KEY_P := 0xa170
const _KEY_S := 0xa173
const _KEY_M := 0xa16d
const _KEY_X := 0xa178
const _KEY_T := 0xa174
const _KEY_W := 0xa177
const _KEY_A := 0xa161
const _T_BYTES := 11
const _LEAST_VECTOR := 4 * SentioAffectFrame.MASK_ENTRIES
const _MASK := (1 << SentioAffectFrame.MASK_ENTRIES) - 1

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


# Few functions: calls would cost more than the work that they do (docs/benchmarks.md). The order of
# the keys is the one of PROTOCOL.md, section 4.
func _read_usual(message: PackedByteArray) -> SentioAffectFrame:
	var end := message.find(0)
	var size := message.size()
	if end < 8 or size >= SentioWire.MAX_MESSAGE or size - end < MAX_BEFORE_VECTOR:
		return null
	var map := message[end + 1]
	var topic := message.slice(0, end)
	if map < _MAP_OF_7 or map > _MAP_OF_10 or topic != _topic and not _set_topic(topic):
		return null
	_in.data_array = message
	_in.seek(end + 2)
	var frame := SentioAffectFrame.new()
	frame.subject = _subject
	var version := _integer(_KEY_V)
	frame.epoch = _integer(_KEY_E)
	frame.seq = _integer(_KEY_N)
	var counted := version == SentioWire.VERSION and frame.epoch >= 0 and frame.seq >= 0
	if not counted or _in.get_u16() != _KEY_P or _in.get_u8() != 0xcb:
		return null
	frame.sent = _in.get_double()
	var state := _integer(_KEY_S)
	var mask := _integer(_KEY_M)
	if mask < 0 or state < 0 or state >= SentioAffectFrame.STATES.size():
		return null
	frame.state = SentioAffectFrame.STATES[state]
	var key := _in.get_u16()
	var tag := _in.get_u8()
	if key != _KEY_X or tag != 0xc4 and tag != 0xc5:
		return null
	var length := _in.get_u8() if tag == 0xc4 else _in.get_u16()
	var at := _in.get_position() + length
	if length < _LEAST_VECTOR or length % 4 != 0 or at > size:
		return null
	var bytes := message.slice(at - length, at if length < _vector else at - length + _vector)
	frame._values = bytes.to_float32_array()
	if bytes.size() & 0xf:
		# Only whole Vector4s can be looked at four by four.
		bytes.resize(bytes.size() + 0xf & ~0xf)
	for four in bytes.to_vector4_array():
		if not four.is_finite():
			return null
	frame._mask = mask & _MASK
	var keys := map - _MAP_OF_7
	if keys > 0 and size - at >= _T_BYTES and message[at + 1] == _KEY_T & 0xff:
		_in.seek(at)
		if _in.get_u16() != _KEY_T or _in.get_u8() != 0xcb:
			return null
		frame.captured = _in.get_double()
		at += _T_BYTES
		keys -= 1
	if keys > 0:
		at = _read_later(frame, message, at, keys, length >> 2)
	return frame if at == size and is_finite(frame.sent) and is_finite(frame.captured) else null


# Reads the keys of version 1.1 in their order: words, then ages and confidences. Returns the end,
# or -1 if the encoding is not the sidecar's usual one.
func _read_later(
	frame: SentioAffectFrame, message: PackedByteArray, at: int, keys: int, entries: int
) -> int:
	var size := message.size()
	_in.seek(at)
	if size - at > 3 and message[at + 1] == _KEY_W & 0xff:
		var count := ceili(float(entries) / SentioAffectFrame.WORD_BITS)
		if _in.get_u16() != _KEY_W or _in.get_u8() != 0x90 + count:
			return -1
		var words: Array[int] = []
		for index in count:
			var word := _word(size - _in.get_position())
			if word < 0:
				return -1
			words.append(word)
		if not frame._take_words(words, entries):
			return -1
		keys -= 1
	if keys == 1 and size - _in.get_position() > 4 and _in.get_u16() == _KEY_A:
		var tag := _in.get_u8()
		var length := SentioAffectFrame.EVIDENCE_BYTES * entries
		if tag != 0xc4 and tag != 0xc5:
			return -1
		if (_in.get_u8() if tag == 0xc4 else _in.get_u16()) != length:
			return -1
		var start := _in.get_position()
		frame._evidence = message.slice(start, start + length)
		return start + length
	return _in.get_position() if keys == 0 else -1


func _word(left: int) -> int:
	if left < 1:
		return -1
	var tag := _in.get_u8()
	if tag < 0x80:
		return tag
	if tag == 0xce and left > 4:
		var word := _in.get_u32()
		return word if word <= SentioAffectFrame.WORD else -1
	if tag == 0xcd and left > 2:
		return _in.get_u16()
	return _in.get_u8() if tag == 0xcc and left > 1 else -1


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
