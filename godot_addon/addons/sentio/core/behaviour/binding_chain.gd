class_name SentioBindingChain
extends RefCounted
## From an affect value to a game's value: gate, dead band, curve, smoothing, slew limit.

var gate := SentioConfidenceGate.new()
var band := SentioDeadBand.new()
var curve := SentioResponseCurve.new()
var smoothing := SentioSmoothing.new()
var slew := SentioSlewLimit.new()


## Takes an affect value and its confidence after [param dt] seconds; gives the game's value.
func step(dt: float, value: float, confidence: float) -> float:
	var x := curve.step(band.step(gate.step(dt, value, confidence)))
	return slew.step(dt, smoothing.step(dt, x))
