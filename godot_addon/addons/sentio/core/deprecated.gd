@tool
class_name SentioDeprecated
extends RefCounted
## Warns once where a game uses a name that to be removed in the next version.

static var _warned := {}


## Warns, the first time that [param old] is used, to use [param new] instead.
static func warn(old: String, new: String) -> void:
	if _warned.has(old):
		return
	_warned[old] = true
	push_warning("%s is deprecated and to be removed in the next version: use %s" % [old, new])
