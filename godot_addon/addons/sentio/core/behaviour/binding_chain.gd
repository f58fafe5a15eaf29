class_name SentioBindingChain
extends RefCounted
## Maps an affect value to a game value: gate, dead band, curve, smoothing, slew limit.

## First step: confidence gate.
var gate := SentioConfidenceGate.new()
## Second step: dead band.
var band := SentioDeadBand.new()
## Third step: response curve.
var curve := SentioResponseCurve.new()
## Fourth step: smoothing.
var smoothing := SentioSmoothing.new()
## Last step: slew limit.
var slew := SentioSlewLimit.new()


## Takes an affect value and its confidence after [param dt] seconds; returns the game value.
func step(dt: float, value: float, confidence: float) -> float:
	var x := curve.step(band.step(gate.step(dt, value, confidence)))
	return slew.step(dt, smoothing.step(dt, x))
