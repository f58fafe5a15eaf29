class_name GardenMeadow
extends Node3D
## Grass and flowers, thousands of blades in two draw calls; they rise and open with the growth.

const BLADES := 7000
const FLOWERS := 520
const POND_RADIUS := 3.5
const RADIUS := 15.0

var _grass := ShaderMaterial.new()
var _flowers := ShaderMaterial.new()
var _random := RandomNumberGenerator.new()


func _ready() -> void:
	_random.seed = 21
	_grass.shader = preload("res://demo/garden/grass.gdshader")
	_flowers.shader = preload("res://demo/garden/flower.gdshader")
	_plant(_blade(), _grass, BLADES, 1.3)
	_plant(_flower(), _flowers, FLOWERS, 1.15)


## Shows [param growth] 0..1, [param day] 0..1 and the breath's phase, 0..1.
func show_growth(growth: float, day: float, breath: float) -> void:
	_grass.set_shader_parameter("growth", growth)
	_grass.set_shader_parameter("day", day)
	_flowers.set_shader_parameter("growth", growth)
	_flowers.set_shader_parameter("breath", breath)


## The height of the ground at [param place]: flat by the pond, rolling further out.
static func height(place: Vector2) -> float:
	var far := place.length()
	var roll := 0.5 * sin(0.35 * place.x + 1.0) * cos(0.3 * place.y) + 0.3 * sin(0.6 * place.y)
	return 0.16 * smoothstep(3.0, 4.2, far) + roll * smoothstep(4.0, 11.0, far)


func _plant(mesh: Mesh, material: Material, count: int, spread: float) -> void:
	var field := MultiMesh.new()
	field.transform_format = MultiMesh.TRANSFORM_3D
	field.use_custom_data = true
	field.mesh = mesh
	field.instance_count = count
	for index in count:
		var angle := _random.randf_range(0.0, TAU)
		var share := pow(_random.randf(), spread)
		var far := POND_RADIUS + 0.12 + (RADIUS - POND_RADIUS) * share
		var at := Vector2(cos(angle), sin(angle)) * far
		var turn := Basis(Vector3.UP, _random.randf_range(0.0, TAU))
		var size := _random.randf_range(0.7, 1.3)
		var place := Vector3(at.x, height(at), at.y)
		field.set_instance_transform(index, Transform3D(turn.scaled(Vector3.ONE * size), place))
		var custom := Color(_random.randf(), _random.randf(), 0.0, 0.0)
		field.set_instance_custom_data(index, custom)
	var body := MultiMeshInstance3D.new()
	body.multimesh = field
	body.material_override = material
	body.cast_shadow = GeometryInstance3D.SHADOW_CASTING_SETTING_OFF
	add_child(body)


func _blade() -> Mesh:
	var tool := SurfaceTool.new()
	tool.begin(Mesh.PRIMITIVE_TRIANGLES)
	for corner: Vector3 in [
		Vector3(-0.03, 0, 0),
		Vector3(0.03, 0, 0),
		Vector3(0.0, 0.46, 0.07),
		Vector3(0.0, 0, -0.03),
		Vector3(0.0, 0, 0.03),
		Vector3(0.06, 0.34, 0.0),
	]:
		tool.set_uv(Vector2(0.5, 1.0 if corner.y > 0.0 else 0.0))
		tool.set_normal(Vector3.UP)
		tool.add_vertex(corner)
	return tool.commit()


func _flower() -> Mesh:
	var tool := SurfaceTool.new()
	tool.begin(Mesh.PRIMITIVE_TRIANGLES)
	for corner: Vector3 in [
		Vector3(-0.012, 0, 0),
		Vector3(0.012, 0, 0),
		Vector3(0.0, 1.0, 0.0),
		Vector3(0, 0, -0.012),
		Vector3(0, 0, 0.012),
		Vector3(0.0, 1.0, 0.0),
	]:
		tool.set_uv(Vector2.ZERO)
		tool.set_uv2(Vector2(1, 0))
		tool.set_normal(Vector3.UP)
		tool.add_vertex(corner)
	tool.set_uv2(Vector2.ZERO)
	for petal in 7:
		var angle := TAU * petal / 7.0
		var along := Vector3(cos(angle), 0, sin(angle))
		for part in 4:
			_strip(tool, along, part / 4.0, (part + 1) / 4.0)
	return tool.commit()


func _strip(tool: SurfaceTool, along: Vector3, from: float, to: float) -> void:
	for corner: Vector2 in [
		Vector2(0, from),
		Vector2(1, from),
		Vector2(1, to),
		Vector2(0, from),
		Vector2(1, to),
		Vector2(0, to),
	]:
		tool.set_uv(corner)
		tool.set_normal(along)
		tool.add_vertex(Vector3(0, 0.5, 0))
