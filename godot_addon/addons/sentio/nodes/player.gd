@tool
@icon("../icons/player.svg")
class_name SentioPlayer
extends SentioFeed
## Plays a recorded frame file as if a sidecar were there.
##
## Make one with [code]sentio export FOLDER --to frames[/code] or with [SentioRecorder]. In exported
## games add [code]*.frames[/code] to the export filter of files that are not resources.

## The last record was played; emitted before a loop starts anew.
signal finished

## Records handed on in one rendered frame at most; the rest comes with the next.
const MOST_RECORDS := 512
## What was heard within so many seconds before the place that was sought is shown there.
const LOOK_BACK := 1.0

## The frame file.
@export_file("*.frames") var file := "":
	set(path):
		file = path
		if is_inside_tree() and not Engine.is_editor_hint():
			load_file(path)
		update_configuration_warnings()
## Plays as soon as it is in the tree.
@export var autoplay := true
## Starts anew after the last record.
@export var loop := false
## How fast the file's time goes by.
@export_range(0.1, 20.0, 0.1, "or_greater") var speed := 1.0

## Whether the file's time goes by.
var playing := false
## Where in the file it is, in seconds.
var position := 0.0

var _file: SentioFrameFile
var _mailbox: SentioStateMailbox
var _next := 0
var _shown := -INF
var _detail_waiting := PackedByteArray()


func _init() -> void:
	process_priority = -100


func _ready() -> void:
	if Engine.is_editor_hint():
		return
	load_file(file)
	if autoplay:
		play()


func _process(delta: float) -> void:
	if playing and not Engine.is_editor_hint():
		advance(delta * speed)


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if file.is_empty():
		warnings.append("Choose a frame file: sentio export FOLDER --to frames makes one.")
	elif not FileAccess.file_exists(file):
		warnings.append("There is no file at %s." % file)
	return warnings


## Opens the frame file at [param path]; false where it is none, and
## [member SentioFeed.link_reason] says why.
func load_file(path: String) -> bool:
	playing = false
	position = 0.0
	_file = null
	if path.is_empty():
		_tell(SentioFeed.LinkState.OFF, "no file chosen")
		return false
	var opened := SentioFrameFile.new()
	if not opened.open(path) or opened.size() == 0:
		_tell(
			SentioFeed.LinkState.REFUSED,
			opened.problem if opened.problem else "%s holds nothing" % path
		)
		return false
	_file = opened
	if opened.problem:
		push_warning("%s: %s" % [path, opened.problem])
	_rewind(0)
	_tell(SentioFeed.LinkState.SILENT, "paused: " + path.get_file())
	return true


## Plays from where it is; from the start where it had ended. False where no file is open.
func play() -> bool:
	if _file == null:
		return false
	if _next >= _file.size():
		seek(0.0)
	playing = true
	_tell(SentioFeed.LinkState.LIVE, "playing " + file.get_file())
	return true


## Holds still.
func pause() -> void:
	playing = false
	if _file:
		_tell(SentioFeed.LinkState.SILENT, "paused: " + file.get_file())


## Goes to [param seconds] and shows what was known there; events in between are not told.
func seek(seconds: float) -> void:
	if _file == null:
		return
	position = clampf(seconds, 0.0, _file.duration())
	_rewind(_file.index_at(position - LOOK_BACK))
	_take_until(position, false)


## The file's length in seconds.
func duration() -> float:
	return _file.duration() if _file else 0.0


## Lets [param seconds] of the file's time go by.
func advance(seconds: float) -> void:
	if _file == null:
		return
	position += seconds
	_take_until(position, true)
	if _next < _file.size():
		return
	position = _file.duration()
	finished.emit()
	if loop:
		position = 0.0
		_rewind(0)
	else:
		pause()


## Seconds of the recording since the newest state, infinite before the first.
func age() -> float:
	return position - _shown if latest else INF


func _rewind(index: int) -> void:
	_next = index
	_mailbox = SentioStateMailbox.new(subject, INF)


func _take_until(seconds: float, tell_events: bool) -> void:
	var messages: Array[Array] = []
	while _next < _file.size() and _file.time(_next) <= seconds and messages.size() < MOST_RECORDS:
		messages.append([_file.message(_next)])
		_next += 1
	if messages.is_empty():
		return
	_mailbox.take(messages, NAN)
	if not _mailbox.detail_bytes.is_empty():
		_detail_waiting = _mailbox.detail_bytes
	if _mailbox.state:
		latest = _mailbox.state
		_shown = _file.time(_next - 1)
		frame.emit(latest)
	for told in _mailbox.events if tell_events else []:
		var about: String = told[0]
		var body: Dictionary = told[1]
		event.emit(about, body)
	if not _detail_waiting.is_empty() and not detail.get_connections().is_empty():
		if not latest_detail.is_empty():
			detail.emit(_mailbox.subject, latest_detail)


func _refresh_detail() -> void:
	if _detail_waiting.is_empty():
		return
	var bytes := _detail_waiting
	_detail_waiting = PackedByteArray()
	var map := _mailbox.decode_detail(bytes)
	if not map.is_empty():
		latest_detail = map


func _tell(state: SentioFeed.LinkState, reason: String) -> void:
	if state == link and reason == link_reason:
		return
	link = state
	link_reason = reason
	_emit_link_state()
