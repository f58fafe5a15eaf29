class_name SentioError
extends RefCounted
## An error: what failed, and what to do about it.

## A code of PROTOCOL.md, section 6, of [SentioZmtp], or one of the client's own:
## [code]timeout[/code], [code]busy[/code], [code]closed[/code], [code]unreachable[/code].
var code := ""
## One line of text.
var message := ""
## How to fix it; may be empty.
var fix := ""


func _init(error_code: String, error_message: String, what_to_do: String = "") -> void:
	code = error_code
	message = error_message
	fix = what_to_do


## The error in the map of a failed reply.
static func from_map(map: Variant) -> SentioError:
	var about: Dictionary = map if map is Dictionary else {}
	return SentioError.new(
		str(about.get("code", "failed")),
		str(about.get("message", "the sidecar gave no reason")),
		str(about.get("fix", ""))
	)


## Message and fix in one line.
func _to_string() -> String:
	return message if fix.is_empty() else "%s (%s)" % [message, fix]
