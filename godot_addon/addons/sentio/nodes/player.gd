@tool
@icon("../icons/player.svg")
class_name SentioPlayer
extends SentioFeed
## Plays a recorded frame file as a feed.
##
## Make one with [code]sentio export FOLDER --to frames[/code] or with [SentioRecorder]. In exported
## games add [code]*.frames[/code] to the export filter of files that are not resources.

## The last record was played; emitted before a loop restarts.
signal finished

## Most records played in one rendered frame; the rest follows in the next.
const MAX_RECORDS := 512
## Seconds before a seek position within which the state is looked for.
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
## Restarts after the last record.
@export var loop := false
## Playback speed, in real time: [member Engine.time_scale] does not change it.
@export_range(0.1, 20.0, 0.1, "or_greater") var speed := 1.0

## Whether it is playing.
var playing := false
## Position in seconds.
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
		advance(SentioElapsed.real(delta) * speed)


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if file.is_empty():
		warnings.append("Choose a frame file: sentio export FOLDER --to frames makes one.")
	elif not FileAccess.file_exists(file):
		warnings.append("There is no file at %s." % file)
	return warnings


## Opens the frame file at [param path]. Returns false if it cannot;
## [member SentioFeed.link_reason] gives the reason.
func load_file(path: String) -> bool:
	playing = false
	position = 0.0
	_file = null
	_rewind(0)
	if path.is_empty():
		_change_link(SentioFeed.LinkState.OFF, "no file chosen")
		return false
	var opened := SentioFrameFile.new()
	if not opened.open(path) or opened.size() == 0:
		_change_link(
			SentioFeed.LinkState.REFUSED, opened.problem if opened.problem else "%s is empty" % path
		)
		return false
	_file = opened
	if opened.problem:
		push_warning("%s: %s" % [path, opened.problem])
	_rewind(0)
	_change_link(SentioFeed.LinkState.SILENT, "paused: " + path.get_file())
	return true


## Plays from the current position, or from the start after the end. False if no file is open.
func play() -> bool:
	if _file == null:
		return false
	if _next >= _file.size():
		seek(0.0)
	playing = true
	_change_link(SentioFeed.LinkState.LIVE, "playing " + file.get_file())
	return true


## Pauses.
func pause() -> void:
	playing = false
	if _file:
		_change_link(SentioFeed.LinkState.SILENT, "paused: " + file.get_file())


## Seeks to [param seconds] and emits the state there; skipped events are not emitted.
func seek(seconds: float) -> void:
	if _file == null:
		return
	position = clampf(seconds, 0.0, _file.duration())
	_rewind(_file.index_at(position - LOOK_BACK))
	_take_until(position, false)


## Length of the file in seconds.
func duration() -> float:
	return _file.duration() if _file else 0.0


## Advances by [param seconds] of the file's time.
func advance(seconds: float) -> void:
	if _file == null:
		return
	var played := _file
	position += seconds
	_take_until(position, true)
	# What is connected to a signal may pause, seek, or open another file.
	if _file != played or _next < _file.size():
		return
	position = _file.duration()
	if not loop:
		pause()
	finished.emit()
	if loop and _file == played and _next >= _file.size():
		position = 0.0
		_rewind(0)


## Seconds of the recording since the newest state; infinite before the first.
func age() -> float:
	return position - _shown if latest else INF


func _rewind(index: int) -> void:
	_next = index
	_mailbox = SentioStateMailbox.new(subject, INF)


func _take_until(seconds: float, with_events: bool) -> void:
	var messages: Array[Array] = []
	while _next < _file.size() and _file.time(_next) <= seconds and messages.size() < MAX_RECORDS:
		messages.append([_file.message(_next)])
		_next += 1
	if messages.is_empty():
		return
	var mailbox := _mailbox
	mailbox.take(messages, NAN)
	if not mailbox.detail_bytes.is_empty():
		_detail_waiting = mailbox.detail_bytes
	if mailbox.state:
		latest = mailbox.state
		_shown = _file.time(_next - 1)
		frame.emit(latest)
	for received in mailbox.events if with_events else []:
		# What is connected to a signal may seek, or open another file.
		if mailbox != _mailbox:
			return
		var about: String = received[0]
		var body: Dictionary = received[1]
		_show_event(about, body)
	if mailbox != _mailbox:
		return
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


func _change_link(state: SentioFeed.LinkState, reason: String) -> void:
	if state == link and reason == link_reason:
		return
	link = state
	link_reason = reason
	_emit_link_state()
