@tool
@icon("../icons/calibration.svg")
class_name SentioCalibration
extends PanelContainer
## Guides a person through a baseline: a quiet time in which the sidecar learns their resting
## values.
##
## Shows instructions, progress and, if the sidecar refuses the result, the reasons. It can be
## stopped, repeated or skipped.

## The baseline was accepted.
signal done(profile: String)
## It was refused or could not start; [param reasons] are sentences for the person.
signal refused(reasons: PackedStringArray)
## The person closed the screen.
signal closed

## Texts for the sidecar's reasons.
const REASONS := {
	"too_short": "there was too little data",
	"bad_quality": "the signal was poor: check that it sits well",
	"moving": "there was a lot of movement",
	"talking": "you were talking: stay silent",
	"smiling": "you were smiling: relax your face",
	"not_at_rest": "your heart rate was still settling: wait a minute, then try again",
	"nothing_to_learn": "nothing changed in it: is it worn?",
	"nothing_heard": "No sensor sent data. Is one connected, and did you allow it?",
	"stopped": "You stopped it. Nothing was kept.",
}
## Least width.
const LEAST_WIDTH := 300.0
## Largest width.
const MOST_WIDTH := 420.0
## Least side of the ring.
const LEAST_RING := 100.0
## Seconds between requests for progress.
const REQUEST_EVERY := 0.5

## The client of the sidecar that measures.
@export var client: SentioClient:
	set(node):
		client = node
		update_configuration_warnings()
## Length of the baseline; half a minute is enough. A game that needs no screen, in a menu or a
## tutorial, calls [method SentioRequests.calibrate_start] and waits for the event of kind
## [code]calibration[/code].
@export_range(20.0, 120.0, 1.0, "suffix:s") var seconds := 30.0
## Name of the profile; empty for the subject's.
@export var profile := ""

## Whether a baseline is being measured.
var running := false

var _ring: SentioCalibrationRing
var _headline: Label
var _text: Label
var _begin: Button
var _leave: Button
var _since_request := 0.0
var _requesting := false
var _starting := false
var _focus := SentioScreenFocus.new()
var _room := SentioScreenFit.new()


func _ready() -> void:
	if theme == null:
		theme = SentioPalette.theme(16)
	_build()
	_focus.follow(self, _begin)
	_show_text("A quiet moment", _invitation(), SentioPalette.TEAL)


func _process(delta: float) -> void:
	if not running:
		return
	_since_request += SentioElapsed.real(delta)
	if _since_request > REQUEST_EVERY and not _requesting:
		_request_state()


# A node that only moves to another parent leaves the tree too: the baseline goes on.
func _exit_tree() -> void:
	_discard_outside.call_deferred()


func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE:
		_discard()


func _get_configuration_warnings() -> PackedStringArray:
	if client == null:
		return ["Choose the SentioClient of the sidecar that measures."]
	return []


## Starts or restarts.
func start() -> void:
	if client == null or running or _starting:
		return
	_starting = true
	_begin.disabled = true
	var reply := await client.calibrate_start("rest", seconds, profile).wait()
	_begin.disabled = false
	if not _starting:
		return  # closed and stopped meanwhile
	_starting = false
	if not reply.ok:
		_refuse([str(reply.error)])
		return
	running = true
	_ring.breathing = true
	_ring.progress = 0.0
	_begin.text = "Stop"
	_show_text("Just sit", "Look at the circle. Let your breath come and go.", SentioPalette.TEAL)


## Stops and discards the baseline.
func stop() -> void:
	# A start without a reply yet is stopped too: requests are processed in order.
	if running or _starting:
		await client.calibrate_stop().wait()
		await _request_state()


func _discard_outside() -> void:
	if not is_inside_tree():
		_discard()


func _discard() -> void:
	if (running or _starting) and is_instance_valid(client):
		client.calibrate_stop()
	running = false
	_starting = false


func _request_state() -> void:
	_requesting = true
	_since_request = 0.0
	var reply := await client.calibrate_status().wait()
	_requesting = false
	if not running:
		return
	if not reply.ok:
		_refuse(["The sidecar does not reply: %s" % reply.error])
		return
	var about: Dictionary = reply.body.get("calibration", {})
	_ring.progress = about.get("progress", 0.0)
	match about.get("state", ""):
		"done":
			_accept(about)
		"refused", "none":
			_refuse(_sentences(about))


func _accept(about: Dictionary) -> void:
	_end("Done")
	var left_out := _sentences(about)
	var text := "That was all: from now on you are compared with yourself."
	if not left_out.is_empty():
		text += "\n\nNot used this time: " + " ".join(left_out)
	_show_text("Thank you", text, SentioPalette.TEAL)
	_ring.progress = 1.0
	done.emit(str(about.get("profile", "")))


func _refuse(reasons: PackedStringArray) -> void:
	_end("Try again")
	var text := " ".join(reasons) if not reasons.is_empty() else "It was not usable."
	_show_text("Not this time", text, SentioPalette.AMBER)
	refused.emit(reasons)


func _end(next: String) -> void:
	running = false
	_ring.breathing = false
	_begin.text = next if next != "Done" else "Once more"
	_leave.text = "Continue" if next == "Done" else "Skip"


func _sentences(about: Dictionary) -> PackedStringArray:
	var all := PackedStringArray()
	var codes: Array = about.get("reasons", [])
	for code: Variant in codes:
		var parts := str(code).split(":")
		var words: String = REASONS.get(parts[-1], parts[-1].replace("_", " "))
		if parts.size() > 1:
			words = "%s: %s." % [_sensor_words(parts[0]), words]
		all.append(words)
	return all


func _sensor_words(modality: String) -> String:
	match modality:
		"body":
			return "Heart and skin"
		"eeg":
			return "EEG"
	return modality.capitalize()


func _invitation() -> String:
	return (
		(
			"For %d seconds, sit comfortably and do nothing much. The game learns what is usual for"
			+ " you, so that it compares you only with yourself."
		)
		% int(seconds)
	)


func _show_text(headline: String, text: String, tone: Color) -> void:
	_headline.text = headline
	_text.text = text
	_ring.tone = tone
	_fit()


func _build() -> void:
	if theme_type_variation.is_empty():
		theme_type_variation = &"SentioScreen"
	var all := VBoxContainer.new()
	all.alignment = BoxContainer.ALIGNMENT_CENTER
	all.add_theme_constant_override("separation", 18)
	_headline = SentioPalette.named("", &"SentioTitle")
	_headline.horizontal_alignment = HORIZONTAL_ALIGNMENT_CENTER
	_text = SentioPalette.named("", &"SentioMuted")
	_text.horizontal_alignment = HORIZONTAL_ALIGNMENT_CENTER
	_text.custom_minimum_size.y = 92.0
	_ring = SentioCalibrationRing.new()
	_ring.size_flags_horizontal = Control.SIZE_SHRINK_CENTER
	for part: Control in [_headline, _ring, _text, _buttons()]:
		all.add_child(part)
	add_child(all)
	_room.follow(self, _fit)


# The ring is smaller in a low window, the screen narrower in a narrow one.
func _fit() -> void:
	if not is_inside_tree():
		return
	var room := SentioScreenFit.room_of(self)
	custom_minimum_size.x = clampf(room.x - 20.0, LEAST_WIDTH, MOST_WIDTH)
	var around := get_combined_minimum_size().y - _ring.custom_minimum_size.y
	var side := clampf(room.y - around, LEAST_RING, SentioCalibrationRing.SIDE)
	if not is_equal_approx(side, _ring.custom_minimum_size.y):
		_ring.custom_minimum_size = Vector2(side, side)
	SentioScreenFit.shrink(self)


func _buttons() -> HBoxContainer:
	var row := HBoxContainer.new()
	row.alignment = BoxContainer.ALIGNMENT_CENTER
	row.add_theme_constant_override("separation", 12)
	_begin = Button.new()
	_leave = Button.new()
	_begin.text = "Begin"
	_begin.theme_type_variation = &"SentioPrimary"
	_begin.custom_minimum_size.x = 120.0
	_leave.custom_minimum_size.x = 120.0
	_begin.pressed.connect(_on_begin)
	_leave.text = "Skip"
	_leave.pressed.connect(_on_leave)
	row.add_child(_leave)
	row.add_child(_begin)
	return row


func _on_begin() -> void:
	if running:
		stop()
	else:
		start()


func _on_leave() -> void:
	stop()
	closed.emit()
