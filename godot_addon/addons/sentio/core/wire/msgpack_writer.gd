class_name SentioMsgpackWriter
extends RefCounted
## Writes the msgpack of control requests: maps, arrays, texts, numbers, true, false and null.

## Largest control request in bytes (PROTOCOL.md, section 2).
const MAX_REQUEST := 65536

## Empty, or why the value cannot be sent.
var error := ""

var _out := StreamPeerBuffer.new()


## The bytes of [param map]. Returns none and sets [member error] if it cannot be sent.
func write_map(map: Dictionary) -> PackedByteArray:
	error = ""
	_out = StreamPeerBuffer.new()
	_out.big_endian = true
	_write(map, 0)
	if _out.get_size() > MAX_REQUEST:
		error = "request is above %d bytes" % MAX_REQUEST
	return _out.data_array if error.is_empty() else PackedByteArray()


func _write(value: Variant, depth: int) -> void:
	match typeof(value):
		TYPE_NIL:
			_out.put_u8(0xc0)
		TYPE_BOOL:
			_out.put_u8(0xc3 if value else 0xc2)
		TYPE_INT:
			var integer: int = value
			_integer(integer)
		TYPE_FLOAT:
			var number: float = value
			_number(number)
		TYPE_STRING, TYPE_STRING_NAME:
			_text(str(value))
		TYPE_ARRAY:
			var items: Array = value
			_array(items, depth)
		TYPE_DICTIONARY:
			var map: Dictionary = value
			_map(map, depth)
		_:
			error = "values of type %s cannot be sent" % type_string(typeof(value))


func _integer(value: int) -> void:
	if value >= -32 and value < 0x80:
		_out.put_8(value)
	elif value >= 0 and value <= 0xff:
		_out.put_u8(0xcc)
		_out.put_u8(value)
	elif value >= 0 and value <= 0xffff:
		_out.put_u8(0xcd)
		_out.put_u16(value)
	elif value >= 0 and value <= 0xffffffff:
		_out.put_u8(0xce)
		_out.put_u32(value)
	else:
		_out.put_u8(0xd3)
		_out.put_64(value)


func _number(value: float) -> void:
	if not is_finite(value):
		error = "a number that is not finite cannot be sent"
	_out.put_u8(0xcb)
	_out.put_double(value)


func _text(text: String) -> void:
	var bytes := text.to_utf8_buffer()
	if text.length() > SentioMsgpackReader.MAX_TEXT:
		error = "a text is above %d characters" % SentioMsgpackReader.MAX_TEXT
	elif bytes.size() < 32:
		_out.put_u8(0xa0 | bytes.size())
	elif bytes.size() <= 0xff:
		_out.put_u8(0xd9)
		_out.put_u8(bytes.size())
	else:
		_out.put_u8(0xda)
		_out.put_u16(bytes.size())
	_out.put_data(bytes)


func _enter(count: int, short: int, long: int, depth: int) -> bool:
	if depth >= SentioMsgpackReader.MAX_DEPTH or count > SentioMsgpackReader.MAX_ENTRIES:
		error = "nested too deep, or too many entries"
		return false
	if count < 16:
		_out.put_u8(short | count)
	else:
		_out.put_u8(long)
		_out.put_u16(count)
	return true


func _array(items: Array, depth: int) -> void:
	if _enter(items.size(), 0x90, 0xdc, depth):
		for item: Variant in items:
			_write(item, depth + 1)


func _map(map: Dictionary, depth: int) -> void:
	if _enter(map.size(), 0x80, 0xde, depth):
		for key: Variant in map:
			_text(str(key))
			_write(map[key], depth + 1)
