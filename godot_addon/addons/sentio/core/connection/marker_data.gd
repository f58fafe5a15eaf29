class_name SentioMarkerData
extends RefCounted
## Makes the data of a marker of what can be sent: null, truth values, numbers, texts, lists, maps.
##
## Vectors, colours, transforms and packed arrays become lists of numbers, node paths become texts.
## Objects, callables, signals and RIDs cannot be sent.

## Most characters of a marker's name (PROTOCOL.md, section 6).
const MOST_NAME := 256

## Empty, or why the data or the name cannot be sent.
var error := ""


## The map for [param data]; empty, with [member error] set, if something cannot be sent or a
## sidecar would not read it.
func plain(name: String, data: Dictionary) -> Dictionary:
	error = ""
	if name.is_empty() or name.length() > MOST_NAME:
		error = "a marker's name has 1 to %d characters, got %d" % [MOST_NAME, name.length()]
		return {}
	# The request around it is one level.
	var made: Dictionary = _plain(data, "data", 1)
	if error.is_empty():
		var writer := SentioMsgpackWriter.new()
		writer.write_map({"name": name, "data": made})
		error = writer.error
	return made if error.is_empty() else {}


func _plain(value: Variant, where: String, depth: int) -> Variant:
	match typeof(value):
		TYPE_NIL, TYPE_BOOL, TYPE_INT:
			return value
		TYPE_STRING, TYPE_STRING_NAME:
			_check_length(str(value), where, SentioMsgpackReader.MAX_TEXT)
			return value
		TYPE_FLOAT:
			var number: float = value
			if not is_finite(number):
				error = "%s is %s: send null for unknown" % [where, value]
			return value
		TYPE_NODE_PATH:
			return str(value)
		TYPE_DICTIONARY:
			var map: Dictionary = value
			return _map(map, where, depth)
	var found: Variant = _items(value)
	if found == null:
		error = (
			"%s has the type %s: send numbers, texts, truth values, lists and maps"
			% [where, type_string(typeof(value))]
		)
		return null
	var items: Array = found
	var all := []
	if not _has_room(items.size(), where, depth):
		return all
	for index in items.size():
		all.append(_plain(items[index], "%s[%d]" % [where, index], depth + 1))
	return all


func _map(map: Dictionary, where: String, depth: int) -> Dictionary:
	var all := {}
	if not _has_room(map.size(), where, depth):
		return all
	for key: Variant in map:
		var text := str(key)
		_check_length(text, "a key of " + where, SentioMsgpackReader.MAX_KEY)
		if all.has(text):
			error = "%s has two keys that are both the text '%s'" % [where, text]
		all[text] = _plain(map[key], "%s.%s" % [where, text], depth + 1)
	return all


func _has_room(count: int, where: String, depth: int) -> bool:
	if depth >= SentioMsgpackReader.MAX_DEPTH:
		error = "%s is nested deeper than %d" % [where, SentioMsgpackReader.MAX_DEPTH - 1]
	elif count > SentioMsgpackReader.MAX_ENTRIES:
		error = "%s has %d entries, at most %d" % [where, count, SentioMsgpackReader.MAX_ENTRIES]
	else:
		return true
	return false


func _check_length(text: String, where: String, most: int) -> void:
	if text.length() > most:
		error = "%s has %d characters, at most %d" % [where, text.length(), most]


static func _items(value: Variant) -> Variant:
	match typeof(value):
		TYPE_VECTOR2, TYPE_VECTOR2I:
			return [value.x, value.y]
		TYPE_VECTOR3, TYPE_VECTOR3I:
			return [value.x, value.y, value.z]
		TYPE_VECTOR4, TYPE_VECTOR4I, TYPE_QUATERNION:
			return [value.x, value.y, value.z, value.w]
		TYPE_COLOR:
			return [value.r, value.g, value.b, value.a]
		TYPE_RECT2, TYPE_RECT2I, TYPE_AABB:
			return [value.position, value.size]
		TYPE_BASIS:
			return [value.x, value.y, value.z]
		TYPE_TRANSFORM2D:
			return [value.x, value.y, value.origin]
		TYPE_TRANSFORM3D:
			return [value.basis, value.origin]
		TYPE_PROJECTION:
			return [value.x, value.y, value.z, value.w]
		TYPE_PLANE:
			return [value.normal, value.d]
	# Arrays, typed or packed.
	if typeof(value) >= TYPE_ARRAY:
		var items: Array = value
		return items
	return null
