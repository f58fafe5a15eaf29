class_name SentioWire
extends RefCounted
## Splits a published message into topic, one zero byte, and one msgpack map.

## Major version of the protocol that this addon implements.
const VERSION := 1
## Published messages are smaller than this, except `raw` (PROTOCOL.md, section 2).
const MAX_MESSAGE := 65536

## The topic of the last message, such as `affect/player`.
var topic := ""
## Its map.
var body := {}
## Empty, or the protocol's error code: `malformed` or `version`.
var code := ""

var _reader := SentioMsgpackReader.new()


## Reads [param message]. Returns false and sets [member code] if it is refused.
func read(message: PackedByteArray) -> bool:
	topic = ""
	body = {}
	code = "malformed"
	var end := message.find(0)
	if end < 1 or message.size() >= MAX_MESSAGE:
		return false
	topic = message.slice(0, end).get_string_from_utf8()
	return read_body(message.slice(end + 1))


## Reads a map without a topic, as in replies; false if it is refused.
func read_body(bytes: PackedByteArray) -> bool:
	code = "malformed"
	body = _reader.read_map(bytes)
	if not _reader.error.is_empty() or not body.get("v") is int:
		return false
	code = "" if body["v"] == VERSION else "version"
	return code.is_empty()
