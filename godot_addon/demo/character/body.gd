class_name CompanionBody
extends Node3D
## The companion's body: cloak, scarf, sprout; posture, breath and head direction.

const CLOAK := Color(0.22, 0.20, 0.46)
const SCARF := Color(0.95, 0.44, 0.22)
const LEAF := Color(0.36, 0.70, 0.34)

## Liveliness of the posture, 0..1.
var arousal := 0.0
## -1 leans back, 1 leans in.
var lean := 0.0
## -1 small, 1 wide.
var expansion := 0.0
## Head rotation in radians: up and to its left.
var look := Vector2.ZERO
## Breaths a minute.
var breaths := 12.0

var _clock := 0.0
var _breath := 0.0
var _leaves: Array[Node3D] = []
var _torso := Node3D.new()
var _neck := Node3D.new()


func _ready() -> void:
	add_child(_torso)
	var cloak := CylinderMesh.new()
	cloak.top_radius = 0.42
	cloak.bottom_radius = 1.05
	cloak.height = 1.5
	cloak.radial_segments = 40
	_part(_torso, cloak, CLOAK, Vector3(0, -1.72, 0))
	var shoulders := SphereMesh.new()
	shoulders.radius = 0.72
	shoulders.height = 0.72
	_part(_torso, shoulders, CLOAK, Vector3(0, -1.18, 0))
	var scarf := TorusMesh.new()
	scarf.inner_radius = 0.26
	scarf.outer_radius = 0.56
	_part(_torso, scarf, SCARF, Vector3(0, -0.93, 0.02)).scale = Vector3(1, 0.9, 1)
	var tail := CapsuleMesh.new()
	tail.radius = 0.13
	tail.height = 0.62
	var hanging := _part(_torso, tail, SCARF.darkened(0.08), Vector3(0.24, -1.22, 0.7))
	hanging.rotation = Vector3(-0.28, 0, 0.14)
	hanging.scale = Vector3(1, 1, 0.5)
	add_child(_neck)
	_neck.position.y = -0.75
	_sprout()


## Puts [param head] on the neck.
func carry(head: Node3D) -> void:
	head.position = Vector3(0, 0.75, 0)
	_neck.add_child(head)


func _process(delta: float) -> void:
	_clock += delta
	_breath = fmod(_breath + delta * breaths / 60.0, 1.0)
	var full := 0.5 - 0.5 * cos(TAU * _breath)
	_torso.scale = Vector3(1.0 + 0.02 * full + 0.05 * expansion, 1.0, 1.0 + 0.03 * full)
	_torso.rotation.x = 0.07 * lean
	position.y = 0.02 * full + 0.03 * expansion + 0.012 * arousal * sin(5.0 * _clock)
	var nod := Vector3(-look.x + 0.12 * lean, look.y, 0.03 * sin(0.7 * _clock) - 0.08 * look.y)
	_neck.rotation = _neck.rotation.lerp(nod, 1.0 - exp(-5.0 * delta))
	_neck.position.z = 0.18 * lean
	for index in _leaves.size():
		var side := 1.0 if index == 0 else -1.0
		var perk := lerpf(1.25, 0.35, clampf(0.5 + 0.5 * arousal, 0.0, 1.0))
		var flutter := 0.06 * sin(_clock * (1.5 + 2.0 * maxf(arousal, 0.0)) + index)
		_leaves[index].rotation.z = -side * (perk + flutter)


func _sprout() -> void:
	var stem := CylinderMesh.new()
	stem.top_radius = 0.025
	stem.bottom_radius = 0.045
	stem.height = 0.3
	_part(_neck, stem, LEAF.darkened(0.25), Vector3(0, 1.79, 0))
	for side: float in [1.0, -1.0]:
		var joint := Node3D.new()
		joint.position = Vector3(0, 1.92, 0)
		_neck.add_child(joint)
		var leaf := SphereMesh.new()
		leaf.radius = 0.16
		leaf.height = 0.56
		var body := _part(joint, leaf, LEAF, Vector3(0, 0.26, 0))
		body.scale = Vector3(0.85, 1, 0.28)
		_leaves.append(joint)


func _part(to: Node3D, mesh: Mesh, tone: Color, place: Vector3) -> MeshInstance3D:
	var cloth := StandardMaterial3D.new()
	cloth.albedo_color = tone
	cloth.roughness = 0.85
	cloth.rim_enabled = true
	cloth.rim = 0.5
	cloth.rim_tint = 0.6
	var body := MeshInstance3D.new()
	body.mesh = mesh
	body.material_override = cloth
	body.position = place
	to.add_child(body)
	return body
