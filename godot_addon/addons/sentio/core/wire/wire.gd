class_name SentioWire
extends RefCounted
## Takes a published message apart: topic, one zero byte, one msgpack map.

## Major version of the protocol that this addon speaks.
const VERSION := 1
## Published messages stay under this, `raw` apart (PROTOCOL.md, section 2).
const MAX_MESSAGE := 65536

## The topic of the message read last, such as `affect/player`.
var topic := ""
## Its map.
var body := {}
## Empty, or the protocol's code of what was wrong: `malformed` or `version`.
var code := ""

var _reader := SentioMsgpackReader.new()


## Reads [param message]; false, with [member code] set, where it is refused.
func read(message: PackedByteArray) -> bool:
	topic = ""
	body = {}
	code = "malformed"
	var end := message.find(0)
	if end < 1 or message.size() >= MAX_MESSAGE:
		return false
	topic = message.slice(0, end).get_string_from_utf8()
	return read_body(message.slice(end + 1))


## Reads a map without a topic, as replies have it; false where it is refused.
func read_body(bytes: PackedByteArray) -> bool:
	code = "malformed"
	body = _reader.read_map(bytes)
	if not _reader.error.is_empty() or not body.get("v") is int:
		return false
	code = "" if body["v"] == VERSION else "version"
	return code.is_empty()
