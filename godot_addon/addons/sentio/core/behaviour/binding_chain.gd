class_name SentioBindingChain
extends RefCounted
## From an affect value to a game's value: gate, dead band, curve, smoothing, slew limit.

## First: believes, holds, or eases to neutral.
var gate := SentioConfidenceGate.new()
## Then: play.
var band := SentioDeadBand.new()
## Then: from affect to the game.
var curve := SentioResponseCurve.new()
## Then: how fast it follows.
var smoothing := SentioSmoothing.new()
## Last: how fast it may move.
var slew := SentioSlewLimit.new()


## Takes an affect value and its confidence after [param dt] seconds; gives the game's value.
func step(dt: float, value: float, confidence: float) -> float:
	var x := curve.step(band.step(gate.step(dt, value, confidence)))
	return slew.step(dt, smoothing.step(dt, x))
