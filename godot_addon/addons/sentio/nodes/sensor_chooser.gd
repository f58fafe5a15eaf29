@tool
@icon("../icons/sensors.svg")
class_name SentioSensorChooser
extends PanelContainer
## Screen in which the player chooses the camera, microphone and other sensors of this computer.
##
## Lists what the sidecar finds and opens nothing. The choice is kept in a file for the next start:
## set [member SentioLauncher.config] to the same file. The strength of a signal appears only after
## that sensor's consent ([SentioConsent]); it is the quality of the estimate, so no picture and no
## sound leave the sidecar.

## The person is done; [param stored] is false if nothing was changed.
signal closed(stored: bool)
## The choice was kept, or that failed.
signal changed(devices: Array[Dictionary], error: Error)

## Least height of the list.
const LEAST_HEIGHT := 80.0
## Least width.
const LEAST_WIDTH := 300.0
## Largest width: cards side by side where there is room.
const MOST_WIDTH := 660.0
## Seconds that the sidecar looks for devices.
const SEARCH := 2.0
## Time limit of its reply: the first use of a device's software takes several seconds.
const REPLY_WITHIN := 15.0

## The client of the sidecar whose computer has the sensors.
@export var client: SentioClient:
	set(node):
		client = node
		update_configuration_warnings()
## The launcher that restarts the sidecar with the choice; it is given [member file].
@export var launcher: SentioLauncher
## The file that keeps the choice; an absolute path or one in [code]user://[/code].
@export var file := SentioSensorFile.USUAL
## Source types that this game can use, see [constant SentioSensorRow.KINDS].
@export var types := PackedStringArray(SentioSensorRow.KINDS.keys())
## The heading.
@export var title := "Choose your sensors"
## The introduction.
@export_multiline var introduction := "Everything is optional. Nothing is read before you allow it."
## Height of the list, at most; it scrolls, and is lower in a low window.
@export_range(120.0, 2000.0, 1.0, "suffix:px") var list_height := 460.0

var _rows: Dictionary[String, SentioSensorRow] = {}
var _problem: Label
var _scroll: ScrollContainer
var _again: Button
var _control: SentioControl
var _reply: SentioReply
var _since_shown := 0.0
var _edited := false
var _focus := SentioScreenFocus.new()
var _room := SentioScreenFit.new()


func _ready() -> void:
	if theme == null:
		theme = SentioPalette.theme(15)
	_build()
	if Engine.is_editor_hint():
		return
	if launcher and launcher.config.is_empty():
		launcher.config = file
	_show_found([])
	_focus.follow(self, _again)
	visibility_changed.connect(_on_visibility)
	_on_visibility()


func _process(delta: float) -> void:
	if _control:
		_control.poll(SentioClient.now())
	_since_shown += SentioElapsed.real(delta)
	if _since_shown > 0.2 and is_visible_in_tree() and not Engine.is_editor_hint():
		_since_shown = 0.0
		_show_signals()


# A node that only moves to another parent leaves the tree too: its search goes on.
func _exit_tree() -> void:
	_close_outside.call_deferred()


func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE:
		_close()


func _get_configuration_warnings() -> PackedStringArray:
	if client == null:
		return ["Choose the SentioClient whose sidecar lists the sensors."]
	return []


## Looks for devices again.
func search() -> void:
	if client == null or _control:
		return
	var connection := client.connection if client.connection else SentioConnection.new()
	var link := connection.link_to(connection.control_port, "DEALER")
	_control = SentioControl.new(link, connection.token, REPLY_WITHIN)
	_again.disabled = true
	_show_problem("")
	for row: SentioSensorRow in _rows.values():
		row.show_search()
	var arguments := {"types": Array(types), "seconds": SEARCH}
	_reply = _control.ask("devices", arguments, SentioClient.now())
	_reply.settled.connect(_on_found)


## The chosen devices, as the request [code]devices[/code] lists them.
func devices() -> Array[Dictionary]:
	var all: Array[Dictionary] = []
	for row: SentioSensorRow in _rows.values():
		if not row.device().is_empty():
			all.append(row.device())
	return all


## Keeps the choice for this start and the next; a sidecar that the launcher started is restarted.
func store() -> Error:
	var chosen := devices()
	var error := SentioSensorFile.write(file, chosen)
	if error != OK:
		_show_problem("The choice could not be kept: %s (%s)" % [error_string(error), file])
	elif launcher and _edited:
		_edited = false
		launcher.config = file
		launcher.restart()
	changed.emit(chosen, error)
	return error


func _on_visibility() -> void:
	if is_visible_in_tree():
		search()


func _on_found() -> void:
	var reply := _reply
	_again.disabled = false
	_close.call_deferred()
	if reply.ok:
		var found: Array[Dictionary] = []
		var listed: Array = reply.body.get("devices", [])
		found.assign(listed)
		_show_found(found)
		return
	_show_found([])
	if reply.error.code != "closed":
		_show_problem("The devices could not be listed: %s" % reply.error)


func _close_outside() -> void:
	if not is_inside_tree():
		_close()


func _close() -> void:
	if _control:
		var control := _control
		_control = null
		control.close()


func _show_problem(text: String) -> void:
	_problem.text = text
	_problem.visible = not text.is_empty()


func _show_found(found: Array[Dictionary]) -> void:
	var kept := SentioSensorFile.read(file)
	for type: String in _rows:
		var matching := found.filter(func(one: Dictionary) -> bool: return one.get("type") == type)
		var before := _rows[type].device() if _edited else {}
		if not _edited:
			for one in kept:
				if one["type"] == type:
					before = one
		_rows[type].show_devices(matching, before)
	_show_signals()


func _show_signals() -> void:
	_fit()
	var granted: Dictionary = client.consent if client else {}
	var detail: Dictionary = client.latest_detail if client else {}
	for row: SentioSensorRow in _rows.values():
		row.show_signal(granted, detail)


func _build() -> void:
	if theme_type_variation.is_empty():
		theme_type_variation = &"SentioScreen"
	var all := VBoxContainer.new()
	all.add_theme_constant_override("separation", 12)
	all.add_child(SentioPalette.named(title, &"SentioTitle"))
	all.add_child(SentioPalette.named(introduction, &"SentioMuted"))
	_scroll = _list()
	all.add_child(_scroll)
	_problem = SentioPalette.named("", &"SentioProblem")
	_problem.visible = false
	all.add_child(_problem)
	all.add_child(_buttons())
	add_child(all)
	_room.follow(self, _fit)


func _fit() -> void:
	var heights := Vector2(LEAST_HEIGHT, list_height)
	SentioScreenFit.fit_list(self, _scroll, Vector2(LEAST_WIDTH, MOST_WIDTH), heights)


func _list() -> ScrollContainer:
	# Cards stand in as many columns as fit.
	var list := HFlowContainer.new()
	list.add_theme_constant_override("h_separation", 10)
	list.add_theme_constant_override("v_separation", 10)
	for type in types:
		if not SentioSensorRow.KINDS.has(type):
			push_warning("SentioSensorChooser: '%s' is not a source type that it can show" % type)
			continue
		var row := SentioSensorRow.of(type)
		row.custom_minimum_size.x = 240.0
		row.size_flags_horizontal = Control.SIZE_EXPAND_FILL
		row.chosen.connect(func(_device: Dictionary) -> void: _edited = true)
		_rows[type] = row
		list.add_child(row)
	return SentioPalette.scrolling(list)


func _buttons() -> HFlowContainer:
	var row := HFlowContainer.new()
	row.alignment = FlowContainer.ALIGNMENT_END
	row.add_theme_constant_override("h_separation", 10)
	row.add_theme_constant_override("v_separation", 10)
	_again = _button("Look again", search)
	row.add_child(_again)
	row.add_child(_button("Cancel", closed.emit.bind(false)))
	var done := _button("Use these", _on_done)
	done.theme_type_variation = &"SentioPrimary"
	row.add_child(done)
	return row


func _button(text: String, pressed: Callable) -> Button:
	var made := Button.new()
	made.text = "  %s  " % text
	made.custom_minimum_size.y = 44.0
	made.pressed.connect(pressed)
	return made


func _on_done() -> void:
	if store() == OK:
		closed.emit(true)
