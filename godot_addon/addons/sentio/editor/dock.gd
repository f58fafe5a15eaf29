@tool
class_name SentioDock
extends PanelContainer
## Editor dock for a running sidecar: state, quality, latency, and buttons to mark and record.
##
## Has its own [SentioClient], so that sensors can be checked without a running game.
## Connected while it is visible, unless switched off.

## Seconds between refreshes of latency and buttons.
const REFRESH_SECONDS := 0.25

var _client := SentioClient.new()
var _due := 0.0
var _message_until := 0.0

@onready var _panel: SentioHudPanel = %Panel
@onready var _connect: CheckButton = %Connect
@onready var _latency: Label = %Latency
@onready var _record: Button = %Record
@onready var _marker: LineEdit = %Marker
@onready var _mark: Button = %Mark
@onready var _message: Label = %Message


func _ready() -> void:
	if is_part_of_edited_scene():
		return
	theme = SentioPalette.theme(13)
	add_theme_stylebox_override("panel", SentioPalette.box(SentioPalette.GROUND, 0, 8.0))
	_client.autostart = false
	add_child(_client)
	_panel.put_sensors_first()
	_panel.follow(_client)
	_connect.toggled.connect(_on_connect.unbind(1))
	_record.pressed.connect(_on_record)
	_mark.pressed.connect(_on_mark)
	_marker.text_submitted.connect(_on_mark.unbind(1))
	visibility_changed.connect(_on_connect)
	_on_connect()


func _process(delta: float) -> void:
	_due -= delta
	if _due > 0.0 or is_part_of_edited_scene() or not is_visible_in_tree():
		return
	_due = REFRESH_SECONDS
	var live := _client.link == SentioFeed.LinkState.LIVE
	var late := _client.latency()
	_latency.text = ""
	if live and not is_nan(late):
		_latency.text = "sensor to editor %.0f ms" % (1000.0 * maxf(late, 0.0))
	_record.disabled = not live
	_mark.disabled = not live
	_record.text = "Stop recording" if _is_recording() else "Record"
	if Time.get_ticks_msec() * 1e-3 > _message_until:
		_message.visible = false


## The client of the dock, for other editor tools.
func client() -> SentioClient:
	return _client


func _on_connect() -> void:
	if _connect.button_pressed and is_visible_in_tree():
		_client.start()
	else:
		_client.stop()


func _is_recording() -> bool:
	var recording: Dictionary = _client.latest_detail.get("recording", {})
	return recording.get("active", false) == true


func _on_record() -> void:
	var reply := _client.record_stop() if _is_recording() else _client.record_start()
	_show_reply(await reply.wait())


func _on_mark() -> void:
	var about := _marker.text.strip_edges()
	if about.is_empty():
		_show_message("enter a name for the marker first")
		return
	_show_reply(await _client.request("marker", {"name": about}).wait())


func _show_reply(reply: SentioReply) -> void:
	_show_message("done: " + reply.op if reply.ok else str(reply.error))


func _show_message(line: String) -> void:
	_message.text = line
	_message.visible = true
	_message_until = Time.get_ticks_msec() * 1e-3 + 6.0
