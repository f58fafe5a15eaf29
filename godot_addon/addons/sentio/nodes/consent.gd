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

## The client of the sidecar that keeps the consent.
@export var client: SentioClient:
	set(node):
		client = node
		update_configuration_warnings()
## The sensors that this game can use.
@export var sensors := PackedStringArray(["camera", "microphone", "body", "eeg", "headset"])
## Purposes that the game asks for; omit what it does not need.
@export var purposes := PackedStringArray(["adapt", "record"])
## The heading.
@export var title := "What may this game notice?"
## The introduction. Its promise holds because the sidecar serves this computer only.
@export_multiline var introduction := (
	"Everything stays on this computer. Nothing is read before you allow it, you can take it back"
	+ " at any time, and the game works without it."
)
## Height of the list of sensors; it scrolls.
@export_range(120.0, 2000.0, 1.0, "suffix:px") var list_height := 380.0

var _rows: Dictionary[String, SentioConsentRow] = {}
var _problem: Label
var _since_shown := 0.0


func _ready() -> void:
	if theme == null:
		theme = SentioPalette.theme(15)
	_build()
	if Engine.is_editor_hint():
		return
	if client:
		client.consent_changed.connect(_on_consent_changed)
		client.link_state_changed.connect(_on_link_state)
	_show()


func _process(delta: float) -> void:
	_since_shown += delta
	if _since_shown > 0.5 and is_visible_in_tree() and not Engine.is_editor_hint():
		_show()


func _get_configuration_warnings() -> PackedStringArray:
	if client == null:
		return ["Choose the SentioClient whose sidecar keeps the consent."]
	return []


## Withdraws all consent.
func withdraw_all() -> void:
	for sensor in _rows:
		choose(sensor, [])


## Grants, for the person, exactly the [param wanted] purposes of [param sensor]; none withdraws it.
func choose(sensor: String, wanted: PackedStringArray) -> void:
	if client == null:
		return
	var asked := client.withdraw(sensor) if wanted.is_empty() else client.grant(sensor, wanted)
	var reply := await asked.wait()
	_problem.text = "" if reply.ok else "That did not work: %s" % reply.error
	changed.emit(sensor, wanted, reply.error)
	_show()


func _build() -> void:
	custom_minimum_size.x = 480.0
	if theme_type_variation.is_empty():
		theme_type_variation = &"SentioScreen"
	var all := VBoxContainer.new()
	all.add_theme_constant_override("separation", 12)
	all.add_child(SentioPalette.named(title, &"SentioTitle"))
	all.add_child(SentioPalette.named(introduction, &"SentioMuted"))
	all.add_child(_sensor_list())
	_problem = SentioPalette.named("", &"SentioProblem")
	all.add_child(_problem)
	all.add_child(_buttons())
	add_child(all)


func _sensor_list() -> ScrollContainer:
	var scroll := ScrollContainer.new()
	scroll.custom_minimum_size.y = list_height
	scroll.size_flags_vertical = Control.SIZE_EXPAND_FILL
	scroll.horizontal_scroll_mode = ScrollContainer.SCROLL_MODE_DISABLED
	var list := VBoxContainer.new()
	list.add_theme_constant_override("separation", 10)
	list.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	for sensor in sensors:
		var row := SentioConsentRow.of(sensor, purposes)
		row.chosen.connect(choose)
		_rows[sensor] = row
		list.add_child(row)
	scroll.add_child(list)
	return scroll


func _buttons() -> HBoxContainer:
	var row := HBoxContainer.new()
	var withdraw := Button.new()
	withdraw.text = "Stop everything"
	withdraw.pressed.connect(withdraw_all)
	row.add_child(withdraw)
	var gap := Control.new()
	gap.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	row.add_child(gap)
	var done := Button.new()
	done.text = "  Done  "
	done.theme_type_variation = &"SentioPrimary"
	done.pressed.connect(closed.emit)
	row.add_child(done)
	return row


func _show() -> void:
	_since_shown = 0.0
	var known: Dictionary = client.consent if client else {}
	var states: Dictionary = client.latest_detail.get("sensors", {}) if client else {}
	for sensor in _rows:
		var about: Dictionary = states.get(sensor, {})
		var granted: Array = known.get(sensor, [])
		_rows[sensor].show_granted(granted, str(about.get("state", "")))


func _on_consent_changed(_granted: Dictionary) -> void:
	_show()


func _on_link_state(state: SentioFeed.LinkState, reason: String) -> void:
	_problem.text = "" if state == SentioFeed.LinkState.LIVE else reason
