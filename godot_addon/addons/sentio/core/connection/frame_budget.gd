class_name SentioFrameBudget
extends RefCounted
## Microseconds that one rendered frame of the game may spend on messages.
##
## What is left waits for the next frames, in bounded queues. Each frame does at least one step, so
## that a slow machine gets on too.

## Microseconds of a frame; a tenth of one at 120 Hz.
const USUAL := 800

## Microseconds of a frame.
var microseconds := USUAL
## Frames that ended with messages left.
var full_frames := 0
## When the frame has spent its time, by the clock; 0 before [method is_spent] is first called.
var ends := 0

var _clock: Callable


## Reads time from [param clock], which returns microseconds.
func _init(clock := Time.get_ticks_usec) -> void:
	_clock = clock


## Begins a frame now. Without this call it begins where [member ends] is 0.
func begin() -> void:
	var now: int = _clock.call()
	ends = now + microseconds


## Whether the frame has spent its time, which begins at the first call.
func is_spent() -> bool:
	var now: int = _clock.call()
	if ends == 0:
		ends = now + microseconds
	return now >= ends


## Counts this frame if anything is left to do.
func finish(left: bool) -> void:
	full_frames += int(left)
