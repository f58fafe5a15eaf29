@tool
@icon("../icons/input_statistics.svg")
class_name SentioInputStatistics
extends Node
## Sends statistics of how the game is operated, twice a second, as the modality [code]game[/code]:
## rates of keys and buttons, path and jerk of mouse and sticks, errors, pauses.
##
## Never which key was pressed, and nothing that was typed. Nothing is sent without the person's
## consent for the sensor [code]input[/code] ([SentioConsent]). Of several pads one is followed,
## until it rests. Add it once; call [method count_error] when the player fails at something.

## Seconds after which another pad is followed than the one that was used last.
const OTHER_PAD_AFTER := 10.0

## The client that sends.
@export var client: SentioClient:
	set(node):
		client = node
		update_configuration_warnings()
## Whether keys, buttons, mouse, touch and sticks of the engine are counted; if not, call the
## methods.
@export var automatic := true
## Whether it counts and sends; switch it off in menus and cutscenes.
@export var adapt := true

## Rows that the sidecar accepted.
var taken := 0
## Why the last row was not accepted; empty if it was.
var problem := ""

var _counter := SentioInputCounter.new()
var _stick := Vector2.ZERO
var _pad := -1
var _pad_idle := 0.0


func _ready() -> void:
	set_process(not Engine.is_editor_hint())
	set_process_input(not Engine.is_editor_hint())


func _get_configuration_warnings() -> PackedStringArray:
	return [] if client else ["Choose the SentioClient that sends the statistics."]


func _input(event: InputEvent) -> void:
	if not automatic or not adapt or not _is_of_the_player(event):
		return
	if event is InputEventKey:
		var press: InputEventKey = event
		if press.pressed and not press.echo:
			count_key()
	elif event is InputEventMouseButton or event is InputEventJoypadButton:
		if event.is_pressed():
			count_button()
	elif event is InputEventScreenTouch:
		if event.is_pressed():
			count_button()
	elif event is InputEventMouseMotion:
		var motion: InputEventMouseMotion = event
		count_pointer(motion.relative.length() / _height())
	elif event is InputEventScreenDrag:
		var drag: InputEventScreenDrag = event
		count_pointer(drag.relative.length() / _height())
	elif event is InputEventJoypadMotion:
		var axis: InputEventJoypadMotion = event
		_follow_stick(axis)


func _process(delta: float) -> void:
	advance(SentioElapsed.real(delta))


## Counts a key.
func count_key() -> void:
	_counter.count_key()


## Counts a button.
func count_button() -> void:
	_counter.count_button()


## Counts a movement of mouse or finger, in screen heights.
func count_pointer(path: float) -> void:
	_counter.count_pointer(path)


## Counts the movement of a stick to [param position], -1..1 each.
func count_stick(position: Vector2) -> void:
	_counter.count_stick(position.x, position.y)


## Counts an error: the player failed at something.
func count_error() -> void:
	_counter.count_error()


## Deprecated: the former name of [method count_key]; to be removed in the next version.
func key() -> void:
	SentioDeprecated.warn("SentioInputStatistics.key()", "count_key()")
	count_key()


## Deprecated: the former name of [method count_button]; to be removed in the next version.
func button() -> void:
	SentioDeprecated.warn("SentioInputStatistics.button()", "count_button()")
	count_button()


## Deprecated: the former name of [method count_pointer]; to be removed in the next version.
func pointer(path: float) -> void:
	SentioDeprecated.warn("SentioInputStatistics.pointer()", "count_pointer()")
	count_pointer(path)


## Deprecated: the former name of [method count_stick]; to be removed in the next version.
func stick(position: Vector2) -> void:
	SentioDeprecated.warn("SentioInputStatistics.stick()", "count_stick()")
	count_stick(position)


## Deprecated: the former name of [method count_error]; to be removed in the next version.
func error() -> void:
	SentioDeprecated.warn("SentioInputStatistics.error()", "count_error()")
	count_error()


## Lets [param dt] seconds pass; for tests and games that step their own time.
func advance(dt: float) -> void:
	_pad_idle += dt
	if not adapt or not _counter.step(dt):
		return
	if not is_instance_valid(client) or not allowed():
		return
	var values := PackedFloat32Array(Array(_counter.row))
	var reply := client.input(
		"input", "input", SentioInputCounter.CHANNELS, values, 1.0 / _counter.period
	)
	reply.settled.connect(_on_reply.bind(reply))


## Whether the person agreed to the sensor [code]input[/code].
func allowed() -> bool:
	var granted: Variant = client.consent.get("input", []) if client != null else []
	if not granted is Array:
		return false
	var purposes: Array = granted
	return SentioConsentRow.is_read(purposes)


# Of several pads one is followed: the sticks of two players are not the movement of one.
func _is_of_the_player(event: InputEvent) -> bool:
	if not (event is InputEventJoypadButton or event is InputEventJoypadMotion):
		return true
	if event.device != _pad:
		if _pad >= 0 and _pad_idle < OTHER_PAD_AFTER:
			return false
		_pad = event.device
		_stick = Vector2.ZERO
	_pad_idle = 0.0
	return true


func _follow_stick(event: InputEventJoypadMotion) -> void:
	match event.axis:
		JOY_AXIS_LEFT_X:
			_stick.x = event.axis_value
		JOY_AXIS_LEFT_Y:
			_stick.y = event.axis_value
		_:
			return
	count_stick(_stick)


func _height() -> float:
	return maxf(1.0, get_viewport().get_visible_rect().size.y)


func _on_reply(reply: SentioReply) -> void:
	if not reply.ok:
		problem = reply.error.message
	elif reply.body.get("accepted", false):
		taken += 1
		problem = ""
	else:
		problem = "the sidecar accepted no statistics: no consent for input"
