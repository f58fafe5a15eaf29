class_name SentioElapsed
extends RefCounted
## How much of a frame's time counts, for everything that follows time (docs/behaviour.md).

## Longest step in seconds: a game that slept or was paused does not age.
const LONGEST := 1.0


## Seconds that count of [param dt]: 0 where it is no time at all.
static func of(dt: float) -> float:
	return minf(dt, LONGEST) if is_finite(dt) and dt > 0.0 else 0.0


## The share of the way that is gone in [param dt] with the time constant [param seconds].
static func share(dt: float, seconds: float) -> float:
	return 1.0 if seconds <= 0.0 else 1.0 - exp(-of(dt) / seconds)


## Seconds on a person's clock in [param dt] of the game's: fast and slow motion do not count.
static func real(dt: float) -> float:
	return dt / Engine.time_scale if Engine.time_scale > 0.0 else dt
