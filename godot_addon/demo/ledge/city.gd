class_name LedgeCity
extends RefCounted
## Builds the city at dusk around the lift: towers with lit windows, streets, the lift's floor.

const TOWERS := 130
const CLEAR := 9.0
const WINDOWS := preload("res://demo/ledge/windows.gdshader")


## Adds the city to [param stage].
static func build(stage: Node) -> void:
	var random := RandomNumberGenerator.new()
	random.seed = 21
	var ground := MeshInstance3D.new()
	var plane := PlaneMesh.new()
	plane.size = Vector2(600, 600)
	ground.mesh = plane
	ground.material_override = _paint(Color(0.07, 0.075, 0.10))
	stage.add_child(ground)
	var paint := ShaderMaterial.new()
	paint.shader = WINDOWS
	var towers := MultiMesh.new()
	towers.transform_format = MultiMesh.TRANSFORM_3D
	towers.use_custom_data = true
	var box := BoxMesh.new()
	box.material = paint
	towers.mesh = box
	towers.instance_count = TOWERS
	for index in TOWERS:
		var angle := index * 2.39996
		var far := CLEAR + 5.0 + 1.1 * index
		var size := Vector3(
			random.randf_range(7, 13),
			random.randf_range(5.0, 12.0) + 0.34 * index * random.randf_range(0.4, 1.2),
			random.randf_range(7, 13)
		)
		var at := Vector3(cos(angle) * far, 0.5 * size.y, sin(angle) * far)
		var turn := Basis(Vector3.UP, roundf(angle / (PI / 8.0)) * PI / 8.0).scaled_local(size)
		towers.set_instance_transform(index, Transform3D(turn, at))
		towers.set_instance_custom_data(index, Color(size.x, size.y, size.z, random.randf()))
	var all := MultiMeshInstance3D.new()
	all.multimesh = towers
	stage.add_child(all)


static func _paint(tone: Color) -> StandardMaterial3D:
	var paint := StandardMaterial3D.new()
	paint.albedo_color = tone
	paint.roughness = 0.95
	return paint
