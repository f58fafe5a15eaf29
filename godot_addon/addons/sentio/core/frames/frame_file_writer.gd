class_name SentioFrameFileWriter
extends RefCounted
## Writes published messages to a frame file (PROTOCOL.md, section 10).

## Seconds between flushes: at most this much is lost in a crash.
const FLUSH_EVERY := 1.0

## Empty, or why writing stopped.
var problem := ""
## How many messages were written.
var count := 0

var _file: FileAccess
var _first := 0.0
var _last := 0.0
var _flushed := 0.0


## Creates the file at [param path]. Returns false and sets [member problem] if it cannot.
func open(path: String) -> bool:
	close()
	problem = ""
	count = 0
	_last = 0.0
	_file = FileAccess.open(path, FileAccess.WRITE)
	if _file == null:
		problem = "cannot write %s: %s" % [path, error_string(FileAccess.get_open_error())]
		return false
	_file.store_buffer(SentioFrameFile.MAGIC.to_ascii_buffer())
	return true


## Whether a file is being written.
func is_open() -> bool:
	return _file != null


## Writes [param message], received at [param now] of the caller's clock.
func write(message: PackedByteArray, now: float) -> void:
	var length := message.size()
	if _file == null or length < SentioFrameFile.SHORTEST or length > SentioFrameFile.LONGEST:
		return
	if count == 0:
		_first = now
		_flushed = now
	_last = maxf(now - _first, _last)
	_file.store_double(_last)
	_file.store_32(length)
	if not _file.store_buffer(message):
		problem = "writing stopped: is the disk full?"
		close()
		return
	count += 1
	if now - _flushed > FLUSH_EVERY:
		_flushed = now
		_file.flush()


## Closes the file.
func close() -> void:
	if _file:
		_file.close()
	_file = null
