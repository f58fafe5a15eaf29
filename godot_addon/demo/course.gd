class_name DemoCourse
extends RefCounted
## The course of one round for the page after it: the player's arousal within their own range, what
## the game did, and its events. It is kept in memory only.

## Seconds between two samples.
const STEP := 0.5
## Most samples: an hour.
const MOST := 7200

## Seconds since the round began, for each sample.
var times := PackedFloat64Array()
## The player's own level, 0..1; NAN where it was unknown.
var levels := PackedFloat64Array()
## What the game did, 0..1.
var demands := PackedFloat64Array()
## Events: time, plain words and whether they are small.
var events: Array[Dictionary] = []

var _clock := 0.0
var _due := 0.0


## Restarts it.
func begin() -> void:
	times.clear()
	levels.clear()
	demands.clear()
	events.clear()
	_clock = 0.0
	_due = 0.0


## Advances by [param delta] seconds with the newest state of [param feed] and the game's
## [param demand].
func advance(delta: float, feed: SentioFeed, demand: float) -> void:
	_clock += delta
	if _clock < _due or times.size() >= MOST:
		return
	_due = _clock + STEP
	var frame := SentioFeedFinder.fresh(feed)
	var known := (
		frame != null and frame.effective_confidence("arousal_level") >= SentioEntryConfidence.LEAST
	)
	times.append(_clock)
	levels.append(frame.effective_value("arousal_level") if known else NAN)
	demands.append(demand)


## Notes an event now, in plain words; a [param small] one has its words only where there is room.
func note(words: String, small := false) -> void:
	events.append({"time": _clock, "words": words, "small": small})


## How the player's level and the game's demand went together, -1..1; NAN with under 20 samples.
func agreement() -> float:
	var xs := PackedFloat64Array()
	var ys := PackedFloat64Array()
	for index in levels.size():
		if is_finite(levels[index]):
			xs.append(levels[index])
			ys.append(demands[index])
	return correlation(xs, ys) if xs.size() >= 20 else NAN


## Pearson's correlation of two series; NAN if one does not vary.
static func correlation(xs: PackedFloat64Array, ys: PackedFloat64Array) -> float:
	var mean_x := 0.0
	var mean_y := 0.0
	for index in xs.size():
		mean_x += xs[index] / xs.size()
		mean_y += ys[index] / ys.size()
	var both := 0.0
	var spread_x := 0.0
	var spread_y := 0.0
	for index in xs.size():
		both += (xs[index] - mean_x) * (ys[index] - mean_y)
		spread_x += (xs[index] - mean_x) ** 2
		spread_y += (ys[index] - mean_y) ** 2
	var width := sqrt(spread_x * spread_y)
	return both / width if width > 1e-9 else NAN
