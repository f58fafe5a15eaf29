class_name SentioMsgpackReader
extends RefCounted
## Reads one msgpack value from untrusted bytes.
##
## Lengths are checked against the protocol's limits and the available bytes before anything
## is allocated. Extension types, NaN and infinity are refused.

## Deepest nesting of maps and arrays (PROTOCOL.md, section 2).
const MAX_DEPTH := 8
## Most entries of a map or an array (PROTOCOL.md, section 2).
const MAX_ENTRIES := 512
## Longest text in characters (PROTOCOL.md, section 2).
const MAX_TEXT := 8192
## Longest key in characters (PROTOCOL.md, section 2).
const MAX_KEY := 256
## Most bytes of a character in UTF-8.
const UTF8_WIDTH := 4

## Empty, or why the bytes were refused.
var error := ""

var _in := StreamPeerBuffer.new()


func _init() -> void:
	_in.big_endian = true


## Reads the map that fills [param bytes]. Returns an empty one and sets [member error] if there is
## none.
func read_map(bytes: PackedByteArray) -> Dictionary:
	error = ""
	_in.data_array = bytes
	var value: Variant = _value(0)
	if error.is_empty() and not value is Dictionary:
		_fail("expected a map")
	if error.is_empty() and _in.get_available_bytes() > 0:
		_fail("bytes after the map")
	return value if error.is_empty() else {}


func _fail(why: String) -> Variant:
	if error.is_empty():
		error = why
	return null


func _has(count: int) -> bool:
	if error.is_empty() and _in.get_available_bytes() >= count:
		return true
	_fail("truncated")
	return false


func _value(depth: int) -> Variant:
	if not _has(1):
		return null
	var tag := _in.get_u8()
	if tag < 0x80:
		return tag
	if tag >= 0xe0:
		return tag - 0x100
	if tag < 0x90:
		return _map(tag & 0x0f, depth)
	if tag < 0xa0:
		return _array(tag & 0x0f, depth)
	if tag < 0xc0:
		return _text(tag & 0x1f, MAX_TEXT)
	return _tagged(tag, depth)


func _tagged(tag: int, depth: int) -> Variant:
	var value: Variant = null
	match tag:
		0xc0:
			pass
		0xc2, 0xc3:
			value = tag == 0xc3
		0xc4, 0xc5, 0xc6:
			value = _binary(_unsigned(1 << (tag - 0xc4)))
		0xca, 0xcb:
			value = _number(tag == 0xca)
		0xcc, 0xcd, 0xce, 0xcf:
			value = _unsigned(1 << (tag - 0xcc))
		0xd0, 0xd1, 0xd2, 0xd3:
			value = _signed(1 << (tag - 0xd0))
		0xd9, 0xda, 0xdb:
			value = _text(_unsigned(1 << (tag - 0xd9)), MAX_TEXT)
		0xdc, 0xdd:
			value = _array(_unsigned(2 << (tag - 0xdc)), depth)
		0xde, 0xdf:
			value = _map(_unsigned(2 << (tag - 0xde)), depth)
		_:
			_fail("type 0x%02x is not of this protocol" % tag)
	return value


func _unsigned(width: int) -> int:
	if not _has(width):
		return 0
	match width:
		1:
			return _in.get_u8()
		2:
			return _in.get_u16()
		4:
			return _in.get_u32()
	var value := _in.get_64()
	if value < 0:
		_fail("integer above 2^63 - 1")
	return value


func _signed(width: int) -> int:
	if not _has(width):
		return 0
	match width:
		1:
			return _in.get_8()
		2:
			return _in.get_16()
		4:
			return _in.get_32()
	return _in.get_64()


func _number(single: bool) -> float:
	if not _has(4 if single else 8):
		return 0.0
	var value := _in.get_float() if single else _in.get_double()
	if not is_finite(value):
		_fail("number is not finite")
	return value


func _binary(length: int) -> PackedByteArray:
	if length == 0 or not _has(length):
		return PackedByteArray()
	return _in.get_data(length)[1]


func _text(length: int, limit: int) -> String:
	if length > limit * UTF8_WIDTH:
		_fail("text is too long")
	var bytes := _binary(length)
	if not error.is_empty():
		return ""
	var text := bytes.get_string_from_utf8()
	if text.length() > limit or text.to_utf8_buffer() != bytes:
		_fail("text is too long or not UTF-8")
	return text


func _enter(count: int, width: int, depth: int) -> bool:
	if depth >= MAX_DEPTH or count > MAX_ENTRIES:
		_fail("beyond the limits of the protocol")
	return _has(count * width)


func _array(count: int, depth: int) -> Array:
	var items := []
	if not _enter(count, 1, depth):
		return items
	for index in count:
		items.append(_value(depth + 1))
		if not error.is_empty():
			break
	return items


func _map(count: int, depth: int) -> Dictionary:
	var map := {}
	if not _enter(count, 2, depth):
		return map
	for index in count:
		var read: Variant = _value(depth + 1)
		var key: String = read if read is String else ""
		if not read is String or key.length() > MAX_KEY:
			_fail("key is not a text of at most %d characters" % MAX_KEY)
		if not error.is_empty():
			break
		map[key] = _value(depth + 1)
	return map
