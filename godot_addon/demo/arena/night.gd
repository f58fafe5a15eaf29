class_name ArenaNight
extends RefCounted
## One night of the arena: three watches, each completed after its peak. The warden of the last
## watch holds back the dawn until it falls, or for some seconds; then the night is won.

## A watch was completed; [param count] so far.
signal watch_kept(count: int)
## All watches were completed.
signal dawned

## Watches of a night.
const WATCHES := 3
## Longest time for which the warden holds back the dawn, seconds.
const WARDEN_SECONDS := 26.0
## Time constant of the sky in seconds.
const EASE_SECONDS := 4.0

## Completed watches.
var kept := 0
## Progress of the night, 0..1, eased for the sky.
var light := 0.0

var _guarded := 0.0
var _waits := false


## Restarts the night.
func begin() -> void:
	kept = 0
	_guarded = 0.0
	_waits = false


## The warden rises: from now on it holds back the dawn.
func guard() -> void:
	_guarded = WARDEN_SECONDS


## The warden fell, or its time is over: the dawn that waited comes.
func unguard() -> void:
	_guarded = 0.0
	if _waits:
		_waits = false
		outlive()


## Plays [param delta] seconds of the warden's time.
func play(delta: float) -> void:
	if _guarded > 0.0:
		_guarded -= delta
		if _guarded <= 0.0:
			unguard()


## Completes a watch after its peak.
func outlive() -> void:
	if is_over():
		return
	if _guarded > 0.0:
		_waits = true
		return
	kept += 1
	watch_kept.emit(kept)
	if is_over():
		dawned.emit()


## Whether the night is won.
func is_over() -> bool:
	return kept >= WATCHES


## Advances by [param delta] seconds.
func advance(delta: float) -> void:
	# Two watches give a glimmer; the third gives the day.
	var wanted := 1.0 if is_over() else 0.12 * kept
	light = lerpf(light, wanted, 1.0 - exp(-delta / EASE_SECONDS))
