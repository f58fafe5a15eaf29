class_name InspectorEvents
extends RichTextLabel
## The newest events, the last on top.

const MOST := 60
const TONES := {
	"marker": SentioPalette.AMBER,
	"adaptation": SentioPalette.BLUE,
	"state": SentioPalette.TEAL,
	"consent": SentioPalette.VIOLET,
	"first_response": SentioPalette.CORAL,
	"response": SentioPalette.CORAL,
	"change": SentioPalette.CORAL,
}

var _lines := PackedStringArray()


func _init() -> void:
	bbcode_enabled = true
	scroll_active = true
	add_theme_font_size_override("normal_font_size", 12)


## Writes [param event] (PROTOCOL.md, section 7) down.
func note(event: Dictionary) -> void:
	var kind := str(event.get("kind", ""))
	var tone: Color = TONES.get(kind, SentioPalette.MUTED)
	var data: Dictionary = event.get("data", {})
	var parts := PackedStringArray()
	for key: String in data:
		var words := _brief(data[key])
		if words:
			parts.append("%s %s" % [key.replace("_", " "), words])
	var title := str(event.get("name", "")).replace("[", "(")
	var rest := "  ".join(parts).replace("[", "(")
	_lines.insert(
		0,
		(
			"[color=#%s]%s[/color]  %s  [color=#%s]%s[/color]"
			% [tone.to_html(false), kind, title, SentioPalette.MUTED.to_html(false), rest]
		)
	)
	if _lines.size() > MOST:
		_lines.remove_at(MOST)
	text = "\n".join(_lines)


# A value in few words; empty for what has nothing to show.
static func _brief(value: Variant) -> String:
	if value is float:
		return "%.2f" % value
	if value is Array:
		return ", ".join((value as Array).map(_brief))
	if value is not Dictionary:
		return str(value)
	var parts := PackedStringArray()
	var inside: Dictionary = value
	for key: String in inside:
		var about: Variant = inside[key]
		var change: Variant = (about as Dictionary).get("delta") if about is Dictionary else about
		parts.append("%s %s" % [key, "%+.2f" % change if change is float else _brief(change)])
	return ", ".join(parts)
