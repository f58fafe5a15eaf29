class_name SentioFrameFile
extends RefCounted
## Reads a frame file: recorded messages with their times (PROTOCOL.md, section 10).
##
## The file is scanned once for the positions of its records; messages are read on demand.

## First bytes of a frame file.
const MAGIC := "SENTFRM1"
## File name extension.
const SUFFIX := "frames"
## Bytes of a record before its message: time and length.
const HEAD := 12
## Bytes of the shortest message.
const SHORTEST := 2
## Bytes of the longest message.
const LONGEST := 65535

## Empty, or why the file cannot be read, or not to its end.
var problem := ""

var _file: FileAccess
var _times := PackedFloat64Array()
var _starts := PackedInt64Array()
var _lengths := PackedInt32Array()


## Opens the file at [param path]. If it is no such file, returns false and sets [member problem].
## A file that is damaged later is opened up to the damage; [member problem] names the place.
func open(path: String) -> bool:
	problem = ""
	_times.clear()
	_starts.clear()
	_lengths.clear()
	_file = FileAccess.open(path, FileAccess.READ)
	if _file == null:
		problem = "cannot open %s: %s" % [path, error_string(FileAccess.get_open_error())]
		return false
	if _file.get_buffer(MAGIC.length()) != MAGIC.to_ascii_buffer():
		problem = "%s is not a frame file: make one with 'sentio export FOLDER --to frames'" % path
		_file = null
		return false
	_scan()
	return true


## How many records there are.
func size() -> int:
	return _times.size()


## The time of the last record in seconds; 0 if there is none.
func duration() -> float:
	return _times[-1] if size() > 0 else 0.0


## The time of record [param index] in seconds since the first.
func time(index: int) -> float:
	return _times[index]


## The index of the first record at [param seconds] or later.
func index_at(seconds: float) -> int:
	return _times.bsearch(seconds)


## The message of record [param index], as it was published.
func message(index: int) -> PackedByteArray:
	_file.seek(_starts[index])
	return _file.get_buffer(_lengths[index])


func _scan() -> void:
	var at := MAGIC.length()
	var end := _file.get_length()
	var before := 0.0
	while at < end:
		if end - at < HEAD:
			problem = "the last record is cut short"
			return
		_file.seek(at)
		var when := _file.get_double()
		var length := _file.get_32()
		if not is_finite(when) or when < before or length < SHORTEST or length > LONGEST:
			problem = "the record at byte %d is damaged; only the records before it are played" % at
			return
		if length > end - at - HEAD:
			problem = "the last record is cut short"
			return
		_times.append(when)
		_starts.append(at + HEAD)
		_lengths.append(length)
		before = when
		at += HEAD + length
