@tool
@icon("../icons/recorder.svg")
class_name SentioRecorder
extends Node
## Records: in the sidecar, with all its samples and consent, or only what is heard here, to a file
## that [SentioPlayer] plays.

## Recording began, ended, or could not; [param reason] is one line for a person.
signal changed(active: bool, reason: String)

## Where it is recorded.
enum RecordWhere {
	## The sidecar records, with all samples that the person agreed to.
	SIDECAR,
	## What is heard here goes to a file for [SentioPlayer].
	FRAME_FILE,
}

## Deprecated: the former name of [enum RecordWhere]; goes with the next version.
const Where = RecordWhere  # gdlint: ignore=constant-name

## The client whose sidecar records, or whose messages are kept.
@export var client: SentioClient:
	set(node):
		client = node
		update_configuration_warnings()
## The sidecar records features and, where allowed, raw samples; a frame file needs no disk there.
@export var where := RecordWhere.SIDECAR
## The sidecar's folder, or the frame file; empty for the sidecar's choice or a file named by date
## in [code]user://[/code].
@export var path := ""
## Sensors whose raw samples the sidecar keeps; the person must have agreed to record_raw.
@export var raw := PackedStringArray()
## Starts by itself as soon as the client is connected.
@export var autostart := false

## Whether it records, as far as is known.
var active := false
## Why it does or does not.
var reason := ""

var _writer := SentioFrameFileWriter.new()


func _ready() -> void:
	if Engine.is_editor_hint() or client == null:
		return
	client.event.connect(_on_event)
	client.greeted.connect(_on_greeted)


func _exit_tree() -> void:
	if _writer.is_open():
		_end_file()


func _get_configuration_warnings() -> PackedStringArray:
	if client == null:
		return ["Choose the SentioClient to record from."]
	return []


## Begins; asked twice it goes on. The reply is settled at once for a frame file.
func start() -> bool:
	if where == RecordWhere.FRAME_FILE:
		return _begin_file()
	if client == null:
		_tell(false, "no client is chosen")
		return false
	return _take(await client.record_start(path, raw).wait(), "could not start")


## Ends; asked twice it has ended.
func stop() -> bool:
	if where == RecordWhere.FRAME_FILE or client == null:
		_end_file()
		return true
	var reply := await client.record_stop().wait()
	if not reply.ok and reply.error.code == "refused":
		_tell(false, reply.error.message)
		return true
	return _take(reply, "could not stop")


func _take(reply: SentioReply, about: String) -> bool:
	if not reply.ok:
		_tell(active, "%s: %s" % [about, reply.error])
		return false
	var recording: Dictionary = reply.body.get("recording", {})
	var on: bool = recording.get("active", false)
	_tell(on, ("recording to %s" % recording.get("folder", "")) if on else "stopped")
	return true


func _begin_file() -> bool:
	if _writer.is_open():
		return true
	if client == null:
		_tell(false, "no client is chosen")
		return false
	var target := path
	if target.is_empty():
		var date := Time.get_datetime_string_from_system().replace(":", "-")
		target = "user://sentio_%s.%s" % [date, SentioFrameFile.SUFFIX]
	if not _writer.open(target):
		_tell(false, _writer.problem)
		return false
	client.message_observer = _keep
	_tell(true, "recording to " + ProjectSettings.globalize_path(target))
	return true


func _end_file() -> void:
	if not _writer.is_open():
		return
	_writer.close()
	if is_instance_valid(client):
		client.message_observer = Callable()
	_tell(false, "%d messages kept" % _writer.count)


func _keep(message: PackedByteArray, now: float) -> void:
	_writer.write(message, now)
	if not _writer.is_open():
		client.message_observer = Callable()
		_tell(false, _writer.problem)


func _on_greeted(_hello: Dictionary) -> void:
	if autostart and not active:
		start()


func _on_event(_subject: String, told: Dictionary) -> void:
	if told.get("kind") == "recording" and where == RecordWhere.SIDECAR:
		var reply := await client.request("record", {"action": "status"}).wait()
		_take(reply, "unknown")


func _tell(on: bool, why: String) -> void:
	if on == active and why == reason:
		return
	active = on
	reason = why
	changed.emit(on, why)
