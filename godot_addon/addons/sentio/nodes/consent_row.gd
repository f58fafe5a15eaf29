@tool
class_name SentioConsentRow
extends PanelContainer
## One sensor of [SentioConsent]: its description, and a switch for each purpose.

## The person changed the consent for [param sensor].
signal chosen(sensor: String, purposes: PackedStringArray)

## Name and description of each sensor.
const WORDS := {
	"camera": ["Camera", "Your facial expression. Pictures are not kept unless you allow it."],
	"microphone": ["Microphone", "How your voice sounds. What you say is not written down."],
	"body": ["Heart and skin", "Pulse, breathing and skin conductance from a strap or a band."],
	"eeg": ["EEG headband", "Brain waves: how focused or relaxed you seem."],
	"text": ["What you type", "The tone of lines that you write in the game's chat."],
	"headset": ["VR headset", "Movements of face and eyes that the headset measures."],
	"input": ["How you play", "How often and how evenly you press and move, never what you type."],
	"motion": ["Movement", "How your head and hands move."],
}
## Text for each purpose.
const PURPOSES := {
	"adapt": "Let the game respond to it, right now",
	"exercise": "Let an exercise respond to it, right now",
	"research": "Use it for a study, right now",
	"record": "Keep what is estimated from it",
	"record_raw": "Keep the raw recording itself",
	"personal_model": "Keep a model of how you react",
	"share": "Let it leave this computer",
}
## Purposes that permit reading a sensor, any of them. The others need one of these.
const LIVE: Array[String] = ["adapt", "exercise", "research"]

var _sensor := ""
var _state: Label
var _switches: Dictionary[String, CheckButton] = {}


## A row for [param sensor] that offers [param purposes].
static func of(sensor: String, purposes: PackedStringArray) -> SentioConsentRow:
	var row := SentioConsentRow.new()
	row._sensor = sensor
	row._build(purposes)
	return row


## The name and the description of [param sensor].
static func words_of(sensor: String) -> PackedStringArray:
	var words: Array = WORDS.get(sensor, [sensor.capitalize(), ""])
	return PackedStringArray(words)


## Whether the purposes [param granted] permit reading a sensor.
static func is_read(granted: Array) -> bool:
	return LIVE.any(func(purpose: String) -> bool: return purpose in granted)


## The text of a row, for the receipt.
static func text_of(sensor: String, purposes: PackedStringArray) -> String:
	var lines := PackedStringArray(["%s: %s" % Array(words_of(sensor))])
	for purpose in purposes:
		lines.append("- " + str(PURPOSES.get(purpose, purpose)))
	return "\n".join(lines)


## Returns a sentence for the person if [param recording] of the detail has no estimates of them;
## empty otherwise.
static func not_kept(recording: Dictionary) -> String:
	var names := PackedStringArray()
	for sensor in SentioCaptureLights.lacking_sensors(recording):
		names.append(words_of(sensor)[0])
	if names.is_empty():
		return ""
	var cause := "keeping them is not allowed for: %s." % ", ".join(names)
	return "A recording is running. Your estimates are not kept in it, because " + cause


## Shows the consent and, if known, the sensor's state.
func show_granted(granted: Array, state: String) -> void:
	for purpose in _switches:
		_switches[purpose].set_pressed_no_signal(purpose in granted)
		# Recording requires reading.
		_switches[purpose].disabled = purpose not in LIVE and not is_read(granted)
	_state.text = _state_text(granted, state)
	var read := not granted.is_empty() and state != "ended"
	_state.theme_type_variation = &"SentioGood" if read else &"SentioMuted"


func _state_text(granted: Array, state: String) -> String:
	if granted.is_empty():
		return "Not read"
	if state == "on":
		return "Being read"
	if state == "ended":
		return "Its file has ended"
	return "No device" if state == "absent" else "Allowed"


func _build(purposes: PackedStringArray) -> void:
	theme_type_variation = &"SentioCard"
	var words := words_of(_sensor)
	var all := VBoxContainer.new()
	var head := HBoxContainer.new()
	var name_label := SentioPalette.named(words[0], &"SentioHeading")
	name_label.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	_state = SentioPalette.named("", &"SentioMuted", false)
	head.add_child(name_label)
	head.add_child(_state)
	all.add_child(head)
	all.add_child(SentioPalette.named(words[1], &"SentioMuted"))
	for purpose in purposes:
		var choice := CheckButton.new()
		choice.text = PURPOSES.get(purpose, purpose)
		choice.autowrap_mode = TextServer.AUTOWRAP_WORD_SMART
		choice.toggled.connect(_on_toggled)
		_switches[purpose] = choice
		all.add_child(choice)
	add_child(all)


func _on_toggled(_on: bool) -> void:
	var wanted := PackedStringArray()
	for each in _switches:
		if _switches[each].button_pressed:
			wanted.append(each)
	chosen.emit(_sensor, wanted if is_read(Array(wanted)) else PackedStringArray())
