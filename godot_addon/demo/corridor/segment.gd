class_name CorridorSegment
extends RefCounted
## Builds one segment of the corridor: floor, walls, ceiling, a door frame and a lamp.

const STONE := Color(0.20, 0.19, 0.22)
const WOOD := Color(0.24, 0.14, 0.09)


## A segment of [param length], from its origin towards -z, with a lamp for [param gloom].
static func make(
	half: float, height: float, length: float, random: RandomNumberGenerator, gloom: CorridorGloom
) -> Node3D:
	var node := Node3D.new()
	var middle := Vector3(0, 0, -0.5 * length)
	_box(node, Vector3(2 * half, 0.1, length), middle + Vector3(0, -0.05, 0), STONE * 0.8)
	_box(node, Vector3(2 * half, 0.1, length), middle + Vector3(0, height, 0), STONE * 0.6)
	for side: float in [-1.0, 1.0]:
		var wall := middle + Vector3(side * half, 0.5 * height, 0)
		_box(node, Vector3(0.1, height, length), wall, STONE)
		_box(node, Vector3(0.14, 0.22, length), wall + Vector3(0, 0.11 - 0.5 * height, 0), WOOD)
		_box(node, Vector3(0.13, 0.08, length), wall + Vector3(0, -0.45, 0), WOOD)
		if random.randf() < 0.65:
			_door(node, Vector3(side * (half - 0.05), 0, -random.randf_range(1.5, length - 1.5)))
	for arch: float in [-1.0, 1.0]:
		_box(node, Vector3(0.25, height, 0.3), Vector3(arch * (half - 0.1), 0.5 * height, 0), WOOD)
	_box(node, Vector3(2 * half, 0.3, 0.3), Vector3(0, height - 0.2, 0), WOOD)
	_lamp(node, Vector3(0, height - 0.45, -0.5 * length), gloom)
	return node


static func _door(node: Node3D, at: Vector3) -> void:
	_box(node, Vector3(0.08, 2.1, 1.0), at + Vector3(0, 1.05, 0), WOOD * 0.8)
	var handle := _box(
		node, Vector3(0.14, 0.05, 0.05), at + Vector3(0, 1.0, 0.35), Color(0.7, 0.55, 0.25)
	)
	(handle.material_override as StandardMaterial3D).metallic = 0.8


static func _lamp(node: Node3D, at: Vector3, gloom: CorridorGloom) -> void:
	var glass := MeshInstance3D.new()
	var ball := SphereMesh.new()
	ball.radius = 0.11
	ball.height = 0.22
	glass.mesh = ball
	glass.material_override = gloom.glass
	glass.position = at
	node.add_child(glass)
	var light := OmniLight3D.new()
	light.light_color = Color(1.0, 0.6, 0.32)
	light.omni_range = 4.2
	light.position = at - Vector3(0, 0.2, 0)
	node.add_child(light)
	gloom.add(light)


static func _box(node: Node3D, size: Vector3, at: Vector3, tone: Color) -> MeshInstance3D:
	var part := MeshInstance3D.new()
	var box := BoxMesh.new()
	box.size = size
	part.mesh = box
	var paint := StandardMaterial3D.new()
	paint.albedo_color = Color(tone, 1.0)
	paint.roughness = 0.85
	part.material_override = paint
	part.position = at
	node.add_child(part)
	return part
