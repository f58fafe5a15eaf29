@tool
class_name SentioSensorRow
extends PanelContainer
## One kind of sensor in [SentioSensorChooser]: its devices, and its signal once it is allowed.

## The person chose another device; [param device] is empty for none.
signal chosen(device: Dictionary)

## Name, description, consents and modality of each source type.
const KINDS := {
	"camera": ["Camera", "Your facial expression.", "camera", "face"],
	"microphone": ["Microphone", "How your voice sounds.", "microphone", "voice"],
	"ble_heart": ["Heart-rate strap", "Your pulse, by Bluetooth.", "body", "body"],
	"brainflow": ["Headband or board", "Brain waves, skin, muscles.", "eeg", "eeg"],
	"lsl": ["Lab stream", "What another program sends by LSL.", "body", "body"],
}
## Words for the reasons why an allowed sensor gives no signal.
const REASONS := {
	"no_face": "No face in view",
	"dark": "Too dark",
	"silence": "Silence",
	"not_voice": "No voice",
	"warming": "Warming up",
	"no_device": "No device",
}

var _type := ""
var _devices: Array[Dictionary] = []
var _choice: OptionButton
var _state: Label
var _level: ProgressBar
var _help: Label


## A row for a source type.
static func of(source_type: String) -> SentioSensorRow:
	var row := SentioSensorRow.new()
	row._type = source_type
	row._build()
	return row


## The source type.
func type() -> String:
	return _type


## The chosen device; empty for none.
func device() -> Dictionary:
	return _devices[_choice.selected - 1] if _choice.selected > 0 else {}


## Shows that the search goes on.
func show_search() -> void:
	_help.text = "Looking for devices ..."


## Shows the devices in [param found], and chooses [param kept]; one that is not found is listed as
## not connected.
func show_devices(found: Array[Dictionary], kept: Dictionary) -> void:
	_devices.clear()
	_help.text = ""
	for one in found:
		if one.get("usable", true):
			_devices.append(one)
		elif _help.text.is_empty():
			_help.text = "%s: %s" % [one.get("name", ""), one.get("fix", "")]
	var index := -1
	for n in _devices.size():
		if SentioSensorFile.same(_devices[n], kept):
			index = n
	if index < 0 and not kept.is_empty():
		_devices.append(kept.merged({"name": "%s (not connected)" % kept["name"]}, true))
		index = _devices.size() - 1
	_choice.clear()
	_choice.add_item("None" if not _devices.is_empty() else "None found")
	for one in _devices:
		var detail := str(one.get("detail", ""))
		_choice.add_item(str(one["name"]) + (", " + detail if detail else ""))
	_choice.select(index + 1)
	_choice.disabled = _devices.is_empty()
	_help.visible = not _help.text.is_empty()


## Shows the signal, if [param granted] consents allow it: [param detail] is the newest detail of
## the sidecar.
func show_signal(granted: Dictionary, detail: Dictionary) -> void:
	var sensor: String = KINDS[_type][2]
	var purposes: Array = granted.get(sensor, [])
	var allowed := not purposes.is_empty()
	_level.visible = allowed and not device().is_empty()
	_state.theme_type_variation = &"SentioMuted"
	if device().is_empty():
		_state.text = "Not used"
		return
	if not allowed:
		_state.text = "Not allowed yet"
		return
	var sensors: Dictionary = detail.get("sensors", {})
	var modalities: Dictionary = detail.get("modalities", {})
	var about: Dictionary = sensors.get(sensor, {})
	var modality: Dictionary = modalities.get(KINDS[_type][3], {})
	_level.value = modality.get("quality", 0.0)
	var state := str(about.get("state", ""))
	if state == "ended":
		_state.text = "Its file has ended"
	elif state != "on":
		_state.text = "Starts with the next use" if about.is_empty() else "No device"
	elif _level.value > 0.3:
		_state.text = "Good signal"
		_state.theme_type_variation = &"SentioGood"
	else:
		_state.text = _why(modality)


func _why(modality: Dictionary) -> String:
	for reason: String in modality.get("reasons", []):
		if REASONS.has(reason):
			return REASONS[reason]
	return "Weak signal"


func _build() -> void:
	theme_type_variation = &"SentioCard"
	var all := VBoxContainer.new()
	all.add_theme_constant_override("separation", 8)
	var head := HFlowContainer.new()
	head.add_theme_constant_override("h_separation", 14)
	var words: Array = KINDS[_type]
	var heading: String = words[0]
	var about: String = words[1]
	var title := SentioPalette.named(heading, &"SentioHeading", false)
	title.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	_state = SentioPalette.named("", &"SentioMuted", false)
	head.add_child(title)
	head.add_child(_state)
	all.add_child(head)
	all.add_child(SentioPalette.named(about, &"SentioMuted"))
	_choice = OptionButton.new()
	_choice.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	_choice.fit_to_longest_item = false
	_choice.text_overrun_behavior = TextServer.OVERRUN_TRIM_ELLIPSIS
	_choice.clip_text = true
	_choice.custom_minimum_size.y = 44.0
	for part: String in ["normal", "hover", "pressed", "disabled"]:
		var fill := SentioPalette.GROUND if part != "hover" else SentioPalette.LINE
		_choice.add_theme_stylebox_override(part, SentioPalette.box(fill, 8, 9.0))
	_choice.tooltip_text = "Which %s the game uses" % str(KINDS[_type][0]).to_lower()
	_choice.item_selected.connect(func(_index: int) -> void: chosen.emit(device()))
	all.add_child(_choice)
	_level = ProgressBar.new()
	_level.max_value = 1.0
	_level.show_percentage = false
	_level.custom_minimum_size.y = 10.0
	_level.add_theme_stylebox_override("background", SentioPalette.box(SentioPalette.LINE, 5, 0.0))
	_level.add_theme_stylebox_override("fill", SentioPalette.box(SentioPalette.TEAL, 5, 0.0))
	_level.visible = false
	all.add_child(_level)
	_help = SentioPalette.named("", &"SentioMuted")
	all.add_child(_help)
	add_child(all)
