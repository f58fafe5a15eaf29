class_name SentioConfidenceGate
extends RefCounted
## Passes a value while its confidence is high enough, else eases to neutral.
##
## An unknown value is not 0: the last good value is held, then eases to [member neutral].

## Smallest confidence at which a value is used.
var threshold := 0.1
## Seconds for which the last good value is held.
var hold := 1.0
## Seconds from full weight to none, and back.
var ease_seconds := 2.0
## Output when nothing is known.
var neutral := 0.0
## Current weight of the value, 0..1.
var trust := 0.0

var _doubted := 0.0
var _good := NAN


## Takes [param value] and [param confidence], NAN if unknown.
func step(dt: float, value: float, confidence: float) -> float:
	var time := SentioElapsed.of(dt)
	if is_finite(value) and is_finite(confidence) and confidence >= threshold:
		_good = value
		_doubted = 0.0
		trust = 1.0 if ease_seconds <= 0.0 else minf(1.0, trust + time / ease_seconds)
	else:
		_doubted += time
		if _doubted > hold:
			trust = 0.0 if ease_seconds <= 0.0 else maxf(0.0, trust - time / ease_seconds)
	return neutral if is_nan(_good) else neutral + (_good - neutral) * trust
