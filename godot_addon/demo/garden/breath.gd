class_name GardenBreath
extends Node
var fullness := 0.0
var coherence := 0.0
var cue := ""
var _t := 0.0


func set_up(_session: DemoSession) -> void:
	pass


func advance(delta: float) -> void:
	_t += delta
	var ph := fmod(_t, 10.0)
	fullness = 0.5 - 0.5 * cos(TAU * _t / 10.0)
	cue = "breathe in" if ph < 5.0 else "breathe out"
	coherence = minf(_t / 40.0, 1.0)
