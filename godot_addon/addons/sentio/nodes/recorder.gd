@tool
@icon("../icons/recorder.svg")
class_name SentioRecorder
extends Node
## Records in the sidecar, or records received messages to a file for [SentioPlayer].

## Recording started, stopped or failed; [param reason] is one line of text.
signal changed(active: bool, reason: String)

## Where to record.
enum RecordWhere {
	## In the sidecar: features and, with consent, raw samples.
	SIDECAR,
	## In a frame file: received messages, for [SentioPlayer].
	FRAME_FILE,
}

## Deprecated: the former name of [enum RecordWhere]; to be removed in the next version.
const Where = RecordWhere  # gdlint: ignore=constant-name

## The client whose sidecar or messages are recorded.
@export var client: SentioClient:
	set(node):
		_listen(false)
		client = node
		_listen(is_node_ready())
		update_configuration_warnings()
## The sidecar records features and, with consent, raw samples; a frame file holds received
## messages.
@export var where := RecordWhere.SIDECAR
## For the sidecar: name of a new folder in its recordings folder, not a path. Otherwise the frame
## file. Empty for a default name, or a file named by date in [code]user://[/code].
@export var path := ""
## Sensors whose raw samples the sidecar records; requires consent for record_raw.
@export var raw := PackedStringArray()
## Starts automatically when the client is connected.
@export var autostart := false

## Whether it is recording.
var active := false
## The reason, in one line.
var reason := ""

var _writer := SentioFrameFileWriter.new()
# The client whose messages are written.
var _observed: SentioClient


func _ready() -> void:
	_listen(true)


# A node that only moves to another parent leaves the tree too: its recording goes on.
func _exit_tree() -> void:
	_stop_outside.call_deferred()


func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE:
		_stop_file()


func _get_configuration_warnings() -> PackedStringArray:
	if client == null:
		return ["Choose the SentioClient to record from."]
	return []


## Starts; if it is recording, it continues. Returns whether it does.
func start() -> bool:
	if where == RecordWhere.FRAME_FILE:
		return _start_file()
	if client == null:
		_change(false, "no client is chosen")
		return false
	return _take(await client.record_start(path, raw).wait(), "could not start")


## Stops; if it is not recording, nothing changes.
func stop() -> bool:
	if where == RecordWhere.FRAME_FILE or client == null:
		_stop_file()
		return true
	var reply := await client.record_stop().wait()
	if not reply.ok and reply.error.code == "refused":
		_change(false, reply.error.message)
		return true
	return _take(reply, "could not stop")


func _take(reply: SentioReply, about: String) -> bool:
	if not reply.ok:
		_change(active, "%s: %s" % [about, reply.error])
		return false
	var recording: Dictionary = reply.body.get("recording", {})
	var on: bool = recording.get("active", false)
	var why := "stopped"
	if on:
		why = "recording to %s" % recording.get("folder", "")
		var lacking := SentioCaptureLights.without_record(recording)
		if not lacking.is_empty():
			why += "; " + lacking
	_change(on, why)
	return true


func _start_file() -> bool:
	if _writer.is_open() and is_instance_valid(_observed):
		return true
	_stop_file()
	if client == null:
		_change(false, "no client is chosen")
		return false
	var target := path if path else _free_name()
	if not _writer.open(target):
		_change(false, _writer.problem)
		return false
	_observed = client
	_observed.observe_messages(_keep)
	_change(true, "recording to " + ProjectSettings.globalize_path(target))
	return true


# Named by the time; a second file of the same second has a number.
func _free_name() -> String:
	var date := Time.get_datetime_string_from_system().replace(":", "-")
	var target := "user://sentio_%s.%s" % [date, SentioFrameFile.SUFFIX]
	var number := 2
	while FileAccess.file_exists(target):
		target = "user://sentio_%s_%d.%s" % [date, number, SentioFrameFile.SUFFIX]
		number += 1
	return target


func _stop_outside() -> void:
	if not is_inside_tree():
		_stop_file()


func _stop_file() -> void:
	if not _writer.is_open():
		return
	_writer.close()
	_let_go()
	_change(false, "%d messages written" % _writer.count)


func _keep(message: PackedByteArray, now: float) -> void:
	_writer.write(message, now)
	if not _writer.is_open():
		_let_go()
		_change(false, _writer.problem)


func _let_go() -> void:
	if is_instance_valid(_observed):
		_observed.observe_messages(_keep, false)
	_observed = null


# The client may be chosen, or exchanged, at any time.
func _listen(on: bool) -> void:
	if Engine.is_editor_hint() or not is_instance_valid(client):
		return
	SentioFeedFinder.listen(client.event, _on_event, on)
	SentioFeedFinder.listen(client.hello_received, _on_greeted, on)
	if on and not client.hello.is_empty():
		_on_greeted(client.hello)


func _on_greeted(_hello: Dictionary) -> void:
	if autostart and not active:
		start()


func _on_event(_subject: String, received: Dictionary) -> void:
	if received.get("kind") == "recording" and where == RecordWhere.SIDECAR:
		var reply := await client.request("record", {"action": "status"}).wait()
		_take(reply, "unknown")


func _change(on: bool, why: String) -> void:
	if on == active and why == reason:
		return
	active = on
	reason = why
	changed.emit(on, why)
