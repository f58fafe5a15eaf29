class_name SentioBindingChain
extends RefCounted
## Maps an affect value to a game value: gate, dead band, curve, smoothing, slew limit.
##
## The steps of [SentioConfidenceGate], [SentioDeadBand], [SentioSmoothing] and [SentioSlewLimit] in
## one function: in a live scene the calls would cost more than the work (docs/benchmarks.md).

## Smallest confidence at which a value is used.
var threshold := 0.1
## Seconds for which the last good value is held.
var hold := 1.0
## Seconds from full weight to none, and back.
var ease_seconds := 2.0
## Affect value when nothing is known.
var neutral := 0.0
## Half the width of the dead band.
var width := 0.0
## The response curve.
var curve := SentioResponseCurve.new()
## Time constant of the smoothing in seconds; 0 for none.
var seconds := 0.0
## Largest rise of the game value per second.
var rise := INF
## Largest fall of the game value per second.
var fall := INF
## The game value; NAN before the first step.
var value := NAN

var _good := NAN
var _trust := 0.0
var _doubted := 0.0
var _held := NAN
var _mapped := NAN
var _wanted := NAN
var _smooth := NAN


## Takes an affect value and its confidence after [param dt] seconds; returns the game value.
func step(dt: float, affect: float, confidence: float) -> float:
	var time := minf(dt, SentioElapsed.LONGEST) if is_finite(dt) and dt > 0.0 else 0.0
	if is_finite(affect) and is_finite(confidence) and confidence >= threshold:
		_good = affect
		_doubted = 0.0
		_trust = 1.0 if ease_seconds <= 0.0 else minf(1.0, _trust + time / ease_seconds)
	else:
		_doubted += time
		if _doubted > hold:
			_trust = 0.0 if ease_seconds <= 0.0 else maxf(0.0, _trust - time / ease_seconds)
	var gated := neutral if is_nan(_good) else neutral + (_good - neutral) * _trust
	if is_finite(gated):
		_held = gated if is_nan(_held) else clampf(_held, gated - width, gated + width)
	if _held != _mapped:  # the dead band holds a value for many frames
		_mapped = _held
		_wanted = curve.step(_held)
	if is_finite(_wanted):
		if is_nan(_smooth) or seconds <= 0.0:
			_smooth = _wanted
		else:
			_smooth += (_wanted - _smooth) * (1.0 - exp(-time / seconds))
	if is_nan(value):
		value = _smooth
	elif time > 0.0:
		value = clampf(_smooth, value - fall * time, value + rise * time)
	return value
