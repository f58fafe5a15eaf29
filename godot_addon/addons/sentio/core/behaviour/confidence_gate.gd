class_name SentioConfidenceGate
extends RefCounted
## Lets a value through while it is trusted, and eases to neutral when it is not.
##
## Unknown is never 0: it first holds the last good value, then leads to [member neutral].

## Confidence from which a value is believed.
var threshold := 0.1
## Seconds for which the last good value stands in.
var hold := 1.0
## Seconds from full trust to none, and back.
var ease := 2.0
## What is given to a game that knows nothing.
var neutral := 0.0
## 0..1, how far the value is followed now.
var trust := 0.0

var _doubted := 0.0
var _good := NAN


## Takes [param value] and [param confidence], both NAN where unknown.
func step(dt: float, value: float, confidence: float) -> float:
	var time := SentioElapsed.of(dt)
	if is_finite(value) and is_finite(confidence) and confidence >= threshold:
		_good = value
		_doubted = 0.0
		trust = 1.0 if ease <= 0.0 else minf(1.0, trust + time / ease)
	else:
		_doubted += time
		if _doubted > hold:
			trust = 0.0 if ease <= 0.0 else maxf(0.0, trust - time / ease)
	return neutral if is_nan(_good) else neutral + (_good - neutral) * trust
