class_name ArenaPacing
extends Node
var intensity := 0.3
var phase := "build-up"
var _t := 0.0


func set_up(_session: DemoSession) -> void:
	pass


func advance(delta: float, mood: DemoMood) -> void:
	_t += delta
	intensity = clampf(0.35 + 0.3 * sin(_t * 0.1) + 0.3 * mood.arousal, 0.0, 1.0)


func foe_down() -> void:
	pass


func hero_hurt() -> void:
	pass
