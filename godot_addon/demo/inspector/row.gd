class_name InspectorRow
extends HBoxContainer
## One entry of the affect vector: its name, its course over the last half minute, its value.

const WIDTH := 286.0

var entry := ""

var _value := SentioPalette.label("", 13, SentioPalette.TEXT)
var _line := SentioSparkline.new()


## A row for [param name] between [param low] and [param high]; equal bounds fit the range to the
## values.
static func of(words: String, tone: Color, low: float, high: float) -> InspectorRow:
	var made := InspectorRow.new()
	made.entry = words
	made.custom_minimum_size = Vector2(WIDTH, 22)
	made.add_theme_constant_override("separation", 8)
	var title := SentioPalette.label(
		words.trim_prefix("p_").replace("_", " "), 13, SentioPalette.MUTED
	)
	title.custom_minimum_size.x = 108
	title.clip_text = true
	made.add_child(title)
	made._line.tone = tone
	made._line.low = low
	made._line.high = high
	made._line.custom_minimum_size = Vector2(100, 18)
	made._line.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	made.add_child(made._line)
	made._value.custom_minimum_size.x = 62
	made._value.horizontal_alignment = HORIZONTAL_ALIGNMENT_RIGHT
	made.add_child(made._value)
	return made


## Appends the value of [param frame]; null and missing values are unknown.
func push(frame: SentioAffectFrame) -> void:
	var value := frame.value(entry) if frame else NAN
	_line.push(value)
	_value.text = "–" if is_nan(value) else ("%.1f" if absf(value) >= 10.0 else "%.2f") % value
	_value.modulate.a = 0.5 if is_nan(value) else 1.0
