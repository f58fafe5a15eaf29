class_name ArenaNight
extends RefCounted
## One night of the arena: three watches, each kept when its peak is over. After the last the day
## breaks and the night is won.

## A watch was kept; [param count] of them so far.
signal watch_kept(count: int)
## All watches were kept.
signal dawned

## Watches of a night.
const WATCHES := 3
## Seconds in which the sky follows what was kept.
const EASE_SECONDS := 4.0

## Watches that were kept.
var kept := 0
## How far the night has gone, 0..1, eased for the sky.
var light := 0.0


## Night falls again.
func begin() -> void:
	kept = 0


## A peak was outlived.
func outlive() -> void:
	if is_over():
		return
	kept += 1
	watch_kept.emit(kept)
	if is_over():
		dawned.emit()


## Whether the day has come.
func is_over() -> bool:
	return kept >= WATCHES


## Lets [param delta] seconds go by.
func advance(delta: float) -> void:
	# Two watches bring only a glimmer; the day comes with the third.
	var wanted := 1.0 if is_over() else 0.12 * kept
	light = lerpf(light, wanted, 1.0 - exp(-delta / EASE_SECONDS))
