class_name SentioElapsed
extends RefCounted
## Bounds the time step of a frame (docs/behaviour.md).

## Longest step in seconds: time in which a game was suspended does not count.
const LONGEST := 1.0
## Longest frame in seconds that is assumed while [member Engine.time_scale] is 0.
const LONGEST_FRAME := 0.1


## [param dt] bounded to [constant LONGEST]; 0 if it is negative or not finite.
static func of(dt: float) -> float:
	return minf(dt, LONGEST) if is_finite(dt) and dt > 0.0 else 0.0


## Share of a step response after [param dt] with the time constant [param seconds].
static func share(dt: float, seconds: float) -> float:
	return 1.0 if seconds <= 0.0 else 1.0 - exp(-of(dt) / seconds)


## Real seconds in [param dt] seconds of game time, without [member Engine.time_scale]. At a scale
## of 0 no game time passes: then it is the mean length of a rendered frame.
static func real(dt: float) -> float:
	if Engine.time_scale > 0.0:
		return dt / Engine.time_scale
	return dt if dt > 0.0 else minf(1.0 / maxf(Engine.get_frames_per_second(), 1.0), LONGEST_FRAME)
