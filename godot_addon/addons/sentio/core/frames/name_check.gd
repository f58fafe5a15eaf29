@tool
class_name SentioNameCheck
extends RefCounted
## Warns once about each name that Sentio does not know, with the nearest that it knows.

## Markers that the appraisal reads.
const MARKERS: PackedStringArray = ["challenge", "success", "failure"]

## Most names that are remembered: a game that makes names up is not warned for ever.
const MOST := 64

# Likeness of two names, 0..1, from which one is taken for a typing error of the other.
const _ALIKE := 0.5
const _ALIKE_MARKERS := 0.7

static var _warned := {}


## Warns that no entry has the name [param name].
static func entry(name: String) -> void:
	if name.is_empty() or not _is_new(name):
		return
	var near := nearest(name, SentioAffectFrame.names, _ALIKE)
	push_warning(
		(
			"The affect vector has no entry '%s'%s"
			% [name.left(64), "; did you mean '%s'?" % near if near else ""]
		)
	)


## Warns if the marker [param name] is nearly one that the appraisal reads.
static func marker(name: String) -> void:
	if name in MARKERS:
		return
	var near := nearest(name, MARKERS, _ALIKE_MARKERS)
	if near and _is_new("marker " + name):
		push_warning(
			"The appraisal reads the marker '%s', not '%s': is it a typing error?" % [near, name]
		)


## The name of [param known] that is most like [param name]; empty where none is as like as
## [param least], 0..1.
static func nearest(name: String, known: PackedStringArray, least: float) -> String:
	var best := ""
	var most := least
	for other in known:
		var alike := name.to_lower().left(64).similarity(other)
		if alike >= most and (alike > most or best.is_empty()):
			best = other
			most = alike
	return best


static func _is_new(name: String) -> bool:
	if _warned.has(name) or _warned.size() >= MOST:
		return false
	_warned[name] = true
	return true
