@tool
@icon("../icons/consent.svg")
class_name SentioConsent
extends PanelContainer
## Dialog in which the person grants and withdraws consent, by sensor and purpose.
##
## Shows the sidecar's consent and changes nothing by itself. Everything is off until the person
## switches it on. Without a theme of your own it uses Sentio's, whose type variations are listed at
## [method SentioPalette.theme].

## The person is done with the dialog.
signal closed
## Consent was granted or withdrawn, or that failed; [param error] is null if it did not fail.
signal changed(sensor: String, purposes: PackedStringArray, error: SentioError)

## Least height of the texts and the list of sensors, which scroll.
const LEAST_HEIGHT := 80.0
## Least width of the lines below the list. Without it, one that has just been shown would have a
## line for each letter for a moment, and the list scroll away.
const LEAST_WIDTH := 220.0
## The question of [member ask_guardian].
const GUARDIAN := "For a child, a parent or guardian allows it. Guardian's name or code:"

## The client of the sidecar that keeps the consent.
@export var client: SentioClient:
	set(node):
		_listen(false)
		client = node
		_listen(is_node_ready())
		update_configuration_warnings()
## The sensors that this game can use.
@export var sensors := PackedStringArray(["camera", "microphone", "body", "eeg", "headset"])
## Purposes that the game asks for; omit what it does not need.
@export var purposes := PackedStringArray(["adapt", "record"])
## The heading.
@export var title := "What may this game notice?"
## The introduction. Its promise holds because only the purpose "share" lets data leave.
@export_multiline var introduction := (
	"Everything stays on this computer unless you allow otherwise. Nothing is read before you allow"
	+ " it, you can take it back at any time, and the game works without it."
)
## States that emotions are estimated: Article 50(3) of the EU AI Act asks for it.
@export_multiline var notice := (
	"This game uses a system that estimates emotions from your body, face or voice. The estimates"
	+ " can be wrong."
)
## Asks for the guardian, who must grant what a child allows: [code][privacy.children][/code] in the
## sidecar's configuration names the children. A child withdraws alone.
@export var ask_guardian := false
## Height of the texts and the list of sensors, at most; they scroll, and are lower in a low window.
@export_range(120.0, 2000.0, 1.0, "suffix:px") var list_height := 520.0
## The key that withdraws all consent at any time, also while the dialog is hidden or the game is
## paused; [constant KEY_NONE] for none. See [SentioWithdrawKey].
@export var withdraw_key := KEY_F9:
	set(value):
		withdraw_key = value
		if _key:
			_key.key = value

## The guardian's pseudonym, which each grant has; empty for a person who decides alone. The field
## of [member ask_guardian] writes it; it is empty again when the dialog is done or hidden.
var guardian := "":
	set(value):
		guardian = value
		if _guardian and _guardian.text != value:
			_guardian.text = value

var _rows: Dictionary[String, SentioConsentRow] = {}
var _problem: Label
var _receipt: Label
var _not_kept: Label
var _scroll: ScrollContainer
var _since_shown := 0.0
var _key: SentioWithdrawKey
var _done: Button
var _guardian: LineEdit
var _focus := SentioScreenFocus.new()
var _room := SentioScreenFit.new()


func _ready() -> void:
	if theme == null:
		theme = SentioPalette.theme(15)
	_build()
	if Engine.is_editor_hint():
		return
	_key = SentioWithdrawKey.new()
	_key.key = withdraw_key
	_key.withdrawn.connect(_on_withdrawn)
	add_child(_key, false, Node.INTERNAL_MODE_BACK)
	_listen(true)
	_focus.follow(self, _done)
	_show()


func _process(delta: float) -> void:
	_since_shown += SentioElapsed.real(delta)
	if _since_shown > 0.5 and is_visible_in_tree() and not Engine.is_editor_hint():
		_show()


func _get_configuration_warnings() -> PackedStringArray:
	if client == null:
		return ["Choose the SentioClient whose sidecar keeps the consent."]
	return []


## Withdraws all consent, also for sensors that are not listed here.
func withdraw_all() -> void:
	_key.withdraw()


## Grants, for the person, exactly the [param wanted] purposes of [param sensor]; none withdraws it.
func choose(sensor: String, wanted: PackedStringArray) -> void:
	if client == null:
		return
	var sent := (
		client.withdraw(sensor) if wanted.is_empty() else client.grant(sensor, wanted, _about())
	)
	var reply := await sent.wait()
	_problem.text = "" if reply.ok else "That did not work: %s" % reply.error
	_receipt.text = receipt_line(reply.body) if reply.ok else ""
	_receipt.visible = not _receipt.text.is_empty()
	changed.emit(sensor, wanted, reply.error)
	_show()


## The whole text that the person sees; it is kept with each receipt.
func shown_text() -> String:
	var parts := PackedStringArray([title, introduction, notice])
	if ask_guardian:
		parts.append(GUARDIAN)
	for sensor in sensors:
		parts.append(SentioConsentRow.text_of(sensor, purposes))
	return "\n\n".join(parts)


## One line about the receipt of a reply to consent; empty without one.
static func receipt_line(body: Dictionary) -> String:
	var receipts: Array = body["receipts"] if body.get("receipts") is Array else []
	if receipts.is_empty():
		return ""
	var receipt: Dictionary = receipts[0]
	var line := (
		"%s %s, %s"
		% [
			str(receipt.get("sensor", "")),
			"granted" if receipt.get("granted", false) else "withdrawn",
			str(receipt.get("at", "")).left(16).replace("T", " "),
		]
	)
	if receipt.has("guardian"):
		line += ", by guardian %s" % str(receipt["guardian"])
	if receipt.has("expires"):
		line += ", until %s" % str(receipt["expires"]).left(10)
	return "%s. Receipt %s" % [line, str(receipt.get("id", ""))]


# What a grant has for its receipt.
func _about() -> Dictionary:
	var about := {"text": shown_text(), "text_name": title, "language": "en"}
	if not guardian.strip_edges().is_empty():
		about["guardian"] = guardian.strip_edges()
		about["by"] = "guardian"
	return about


func _build() -> void:
	if theme_type_variation.is_empty():
		theme_type_variation = &"SentioScreen"
	var all := VBoxContainer.new()
	all.add_theme_constant_override("separation", 12)
	all.add_child(SentioPalette.named(title, &"SentioTitle"))
	_scroll = _sensor_list()
	all.add_child(_scroll)
	_problem = SentioPalette.named("", &"SentioProblem")
	all.add_child(_problem)
	_receipt = SentioPalette.named("", &"SentioMuted")
	_receipt.visible = false
	_not_kept = SentioPalette.named("", &"SentioMuted")
	_not_kept.visible = false
	for line: Label in [_problem, _receipt, _not_kept]:
		line.custom_minimum_size.x = LEAST_WIDTH
	all.add_child(_receipt)
	all.add_child(_not_kept)
	all.add_child(_buttons())
	add_child(all)
	_room.follow(self, _fit)


func _fit() -> void:
	var heights := Vector2(LEAST_HEIGHT, list_height)
	SentioScreenFit.fit_list(self, _scroll, Vector2(300.0, 480.0), heights)


func _sensor_list() -> ScrollContainer:
	var list := VBoxContainer.new()
	list.add_theme_constant_override("separation", 10)
	list.add_child(SentioPalette.named(introduction, &"SentioMuted"))
	list.add_child(SentioPalette.named(notice, &"SentioMuted"))
	if ask_guardian:
		list.add_child(SentioPalette.named(GUARDIAN, &"SentioMuted"))
		_guardian = LineEdit.new()
		_guardian.text = guardian
		_guardian.text_changed.connect(func(typed: String) -> void: guardian = typed)
		list.add_child(_guardian)
		# The next one at the dialog may be the child.
		closed.connect(func() -> void: guardian = "")
		hidden.connect(func() -> void: guardian = "")
	for sensor in sensors:
		var row := SentioConsentRow.of(sensor, purposes)
		row.chosen.connect(choose)
		_rows[sensor] = row
		list.add_child(row)
	return SentioPalette.scrolling(list)


func _buttons() -> HBoxContainer:
	var row := HBoxContainer.new()
	var withdraw := Button.new()
	withdraw.text = "Stop everything"
	withdraw.tooltip_text = (
		"At any time: %s" % OS.get_keycode_string(withdraw_key) if withdraw_key != KEY_NONE else ""
	)
	withdraw.pressed.connect(withdraw_all)
	row.add_child(withdraw)
	var gap := Control.new()
	gap.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	row.add_child(gap)
	_done = Button.new()
	_done.text = "  Done  "
	_done.theme_type_variation = &"SentioPrimary"
	_done.pressed.connect(closed.emit)
	row.add_child(_done)
	return row


# The client may be chosen, or exchanged, at any time.
func _listen(on: bool) -> void:
	if _key:
		_key.client = client if is_instance_valid(client) else null
	if Engine.is_editor_hint() or not is_instance_valid(client):
		return
	SentioFeedFinder.listen(client.consent_changed, _on_consent_changed, on)
	SentioFeedFinder.listen(client.link_state_changed, _on_link_state, on)
	if on:
		_on_link_state(client.link, client.link_reason)


func _show() -> void:
	_since_shown = 0.0
	_fit()
	var known: Dictionary = client.consent if client else {}
	var states: Dictionary = client.latest_detail.get("sensors", {}) if client else {}
	for sensor in _rows:
		var about: Dictionary = states.get(sensor, {})
		var granted: Array = known.get(sensor, [])
		_rows[sensor].show_granted(granted, str(about.get("state", "")))
	var live := client != null and client.link == SentioFeed.LinkState.LIVE
	var recording: Dictionary = client.latest_detail.get("recording", {}) if live else {}
	_not_kept.text = SentioConsentRow.not_kept(recording)
	_not_kept.visible = not _not_kept.text.is_empty()


func _on_withdrawn(error: SentioError) -> void:
	_problem.text = "That did not work: %s" % error if error else ""
	_receipt.visible = false
	for sensor in _rows:
		changed.emit(sensor, PackedStringArray(), error)
	_show()


func _on_consent_changed(_granted: Dictionary) -> void:
	_show()


func _on_link_state(state: SentioFeed.LinkState, reason: String) -> void:
	_problem.text = "" if state == SentioFeed.LinkState.LIVE else reason
