class_name ArenaBursts
extends Node3D
## Sparks of destroyed foes, from a fixed pool of emitters.

const EMITTERS := 10

## Fewer, dimmer sparks.
var reduced := true

var _next := 0


func _ready() -> void:
	for index in EMITTERS:
		add_child(_emitter())


## Sparks of [param tone] at [param place].
func burst(place: Vector3, tone: Color) -> void:
	var emitter: CPUParticles3D = get_child(_next)
	_next = (_next + 1) % EMITTERS
	emitter.position = place + Vector3(0, 0.8, 0)
	emitter.color = tone.lightened(0.1 if reduced else 0.35)
	emitter.amount = 14 if reduced else 28
	emitter.restart()
	emitter.emitting = true


func _emitter() -> CPUParticles3D:
	var made := CPUParticles3D.new()
	var shape := BoxMesh.new()
	shape.size = Vector3.ONE * 0.13
	var glow := StandardMaterial3D.new()
	glow.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
	glow.vertex_color_use_as_albedo = true
	shape.material = glow
	made.mesh = shape
	made.emitting = false
	made.one_shot = true
	made.explosiveness = 0.95
	made.lifetime = 0.8
	made.direction = Vector3.UP
	made.spread = 80.0
	made.initial_velocity_min = 2.0
	made.initial_velocity_max = 6.5
	made.gravity = Vector3(0, -9, 0)
	made.damping_min = 1.0
	made.damping_max = 2.5
	made.angular_velocity_min = -400.0
	made.angular_velocity_max = 400.0
	var shrink := Curve.new()
	shrink.add_point(Vector2(0, 1))
	shrink.add_point(Vector2(1, 0))
	made.scale_amount_curve = shrink
	return made
