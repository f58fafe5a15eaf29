@tool
class_name SentioModalityTable
extends Control
## A row for each modality: state, weight, quality and age.

## Height of a row, pixels.
const ROW := 19.0

var _rows := {}
var _frame: SentioAffectFrame


func _init() -> void:
	custom_minimum_size = Vector2(260, ROW)


## Shows the modalities of [param frame]; [param detail] has their states and reasons.
func show_state(frame: SentioAffectFrame, detail: Dictionary) -> void:
	_frame = frame
	_rows = detail.get("modalities", {})
	if _rows.is_empty() and frame:
		_rows = {}  # Not the feed's own.
		for modality: String in SentioFrameBuilder.MODALITIES:
			if frame.has(modality + "_quality"):
				_rows[modality] = {"state": frame.state}
	var shown := _listed().size() + int(_absent() != "")
	custom_minimum_size.y = ROW * (1 + shown)
	queue_redraw()


func _draw() -> void:
	_write("modality", 14, 0.0, SentioPalette.MUTED)
	_write("share", _share_at(), 0.0, SentioPalette.MUTED)
	_write("quality", _quality_at(), 0.0, SentioPalette.MUTED)
	_write("age", size.x - 34, 0.0, SentioPalette.MUTED, 34)
	var line := ROW
	for modality in _listed():
		var row: Dictionary = _rows[modality]
		var state: String = row.get("state", "")
		var tone := SentioPalette.of_state(state)
		draw_circle(Vector2(5, line + 10), 3.5, tone, true, -1.0, true)
		_write(modality, 14, line, SentioPalette.TEXT)
		if state == "ok":
			_bar(_share_at(), line, _entry(modality, "weight"), SentioPalette.BLUE)
			_bar(_quality_at(), line, _entry(modality, "quality"), tone)
			_write(_age_text(_entry(modality, "age")), size.x - 44, line, SentioPalette.TEXT, 44)
		else:
			_write(_state_text(row), _share_at(), line, tone, size.x - _share_at())
		line += ROW
	if _absent() != "":
		_write("absent: " + _absent(), 14, line, SentioPalette.MUTED, size.x - 14)


func _listed() -> PackedStringArray:
	var names := PackedStringArray()
	for modality: String in _rows:
		if not _is_absent(modality):
			names.append(modality)
	return names


func _is_absent(modality: String) -> bool:
	var row: Dictionary = _rows[modality]
	return row.get("state", "") == "absent"


func _absent() -> String:
	var names := PackedStringArray()
	for modality: String in _rows:
		if _is_absent(modality):
			names.append(modality)
	return ", ".join(names)


func _entry(modality: String, part: String) -> float:
	var row: Dictionary = _rows[modality]
	var text: Variant = row.get(part)
	var fresh := _frame.value("%s_%s" % [modality, part]) if _frame else NAN
	if is_nan(fresh) and (text is float or text is int):
		return text
	return fresh


func _state_text(row: Dictionary) -> String:
	var reasons: Array = row.get("reasons", [])
	if "end_of_file" in reasons:
		return "its file has ended"
	var text := str(row.get("state", "")).replace("_", " ")
	return text if reasons.is_empty() else "%s: %s" % [text, str(reasons[0]).replace("_", " ")]


func _age_text(seconds: float) -> String:
	if is_nan(seconds):
		return ""
	return "%.0f ms" % (1000.0 * seconds) if seconds < 1.0 else "%.0f s" % seconds


func _share_at() -> float:
	return 0.27 * size.x


func _quality_at() -> float:
	return 0.56 * size.x


func _bar(from: float, line: float, share: float, tone: Color) -> void:
	var rail := Rect2(from, line + 7, 0.24 * size.x, 6)
	draw_style_box(SentioPalette.box(SentioPalette.LINE, 3, 0.0), rail)
	if not is_nan(share):
		rail.size.x = maxf(rail.size.x * clampf(share, 0.0, 1.0), 3.0)
		draw_style_box(SentioPalette.box(tone, 3, 0.0), rail)


func _write(text: String, from: float, line: float, tone: Color, width: float = -1.0) -> void:
	var right := width > 0.0 and width < 60.0
	var side := HORIZONTAL_ALIGNMENT_RIGHT if right else HORIZONTAL_ALIGNMENT_LEFT
	draw_string(ThemeDB.fallback_font, Vector2(from, line + 14), text, side, width, 12, tone)
