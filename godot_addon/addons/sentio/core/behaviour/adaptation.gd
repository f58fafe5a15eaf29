class_name SentioAdaptation
extends RefCounted
## One change that a game made to itself, as it is reported and recorded.

## Most characters of [member what] and [member by] (PROTOCOL.md, section 6).
const MOST_NAME := 256
## Most characters of [member why].
const MOST_CAUSE := 2048

## What was changed, such as [code]demand[/code].
var what := &""
## The value that it was given.
var value := 0.0
## The value that was requested before limits.
var asked := 0.0
## The true cause, in one line.
var why := ""
## Author of an override or a freeze; empty for the game's own adaptation.
var by := ""
## Seconds that an override or a freeze lasted; NAN while it lasts, and for all else.
var seconds := NAN


func _init(what_changed := &"", given := 0.0, cause := "", requested := NAN) -> void:
	what = what_changed
	value = given
	why = cause
	asked = given if is_nan(requested) else requested


## Sets the author, and the duration of what has ended; returns itself.
func authored(author: String, lasted := NAN) -> SentioAdaptation:
	by = author
	seconds = lasted
	return self


## Why a sidecar would refuse it, in one line; empty if it takes it.
func problem() -> String:
	var named := String(what).length()
	if named == 0 or named > MOST_NAME:
		return "a name has 1 to %d characters, got %d" % [MOST_NAME, named]
	if not is_finite(value):
		return "its value is not a finite number"
	if by.length() > MOST_NAME:
		return "an author has at most %d characters, got %d" % [MOST_NAME, by.length()]
	if why.length() > MOST_CAUSE:
		return "a cause has at most %d characters, got %d" % [MOST_CAUSE, why.length()]
	return ""


## The arguments of the request [code]adaptation[/code] (PROTOCOL.md, section 6).
func arguments() -> Dictionary:
	var all := {"what": what, "value": value, "why": why}
	if asked != value and is_finite(asked):
		all["asked"] = asked
	if by:
		all["by"] = by
	if is_finite(seconds):
		all["seconds"] = seconds
	return all
