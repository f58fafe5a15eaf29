class_name SentioMarkerData
extends RefCounted
## Makes the data of a marker of what can be sent: null, truth values, numbers, texts, lists, maps.
##
## Vectors, colours and packed arrays become lists of numbers, node paths become texts.

## Most characters of a marker's name (PROTOCOL.md, section 6).
const MOST_NAME := 256

## Empty, or why the data or the name cannot be sent.
var error := ""


## The map for [param data]; empty, with [member error] set, if something cannot be sent.
func plain(name: String, data: Dictionary) -> Dictionary:
	error = ""
	if name.is_empty() or name.length() > MOST_NAME:
		error = "a marker's name has 1 to %d characters, got %d" % [MOST_NAME, name.length()]
		return {}
	var made: Dictionary = _plain(data, "data", 0)
	return made if error.is_empty() else {}


func _plain(value: Variant, where: String, depth: int) -> Variant:
	if depth > SentioMsgpackReader.MAX_DEPTH:
		error = "%s is nested deeper than %d" % [where, SentioMsgpackReader.MAX_DEPTH]
		return null
	match typeof(value):
		TYPE_NIL, TYPE_BOOL, TYPE_INT, TYPE_STRING, TYPE_STRING_NAME:
			return value
		TYPE_FLOAT:
			if not is_finite(value):
				error = "%s is %s: send null for unknown" % [where, value]
			return value
		TYPE_NODE_PATH:
			return str(value)
		TYPE_DICTIONARY:
			return _map(value, where, depth)
	var items: Variant = _items(value)
	if items == null:
		error = (
			"%s is a %s: send numbers, texts, truth values, lists and maps"
			% [where, type_string(typeof(value))]
		)
		return null
	var all := []
	for index: int in (items as Array).size():
		all.append(_plain(items[index], "%s[%d]" % [where, index], depth + 1))
	return all


func _map(map: Dictionary, where: String, depth: int) -> Dictionary:
	var all := {}
	for key: Variant in map:
		all[str(key)] = _plain(map[key], "%s.%s" % [where, key], depth + 1)
	return all


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
	# Arrays, typed or packed.
	if typeof(value) >= TYPE_ARRAY:
		return Array(value)
	return null
