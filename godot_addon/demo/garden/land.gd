class_name GardenLand
extends Node3D
## Ground, pond, trees, hills and sky, and the light of the day on them.

const TREES: Array[Vector3] = [
	Vector3(-5.6, 1.15, -3.2),
	Vector3(6.0, 1.3, -4.0),
	Vector3(-8.6, 1.5, -8.5),
	Vector3(9.5, 1.25, -9.5),
	Vector3(3.4, 0.9, -9.8),
	Vector3(-3.0, 1.0, -11.5),
]
const BLOSSOMS: Array[Color] = [
	Color(1.0, 0.45, 0.60), Color(1.0, 0.62, 0.30), Color(0.68, 0.48, 1.0)
]

var _sky := ShaderMaterial.new()
var _pond := ShaderMaterial.new()
var _crowns: Array[ShaderMaterial] = []
var _hills: Array[StandardMaterial3D] = []
var _ground := StandardMaterial3D.new()
var _air := Environment.new()
var _sun := DirectionalLight3D.new()
var _petals := CPUParticles3D.new()


func _ready() -> void:
	_build_light()
	_build_dome()
	_build_ground()
	_build_pond()
	for place in TREES:
		_build_tree(place)
	for ridge in 3:
		_build_ridge(ridge)
	_build_petals()


## Shows [param growth] and [param day] 0..1, the breath 0..1 and the orb's glow 0..1.
func show_day(growth: float, day: float, breath: float, glow: float) -> void:
	var height := lerpf(4.0, 34.0, day)
	_sun.rotation_degrees = Vector3(-height, 150.0, 0.0)
	_sun.light_color = Color(1.0, 0.66, 0.48).lerp(Color(1.0, 0.95, 0.84), day)
	_sun.light_energy = lerpf(0.55, 1.15, day)
	_air.ambient_light_color = Color(0.55, 0.45, 0.72).lerp(Color(0.72, 0.84, 0.95), day)
	_air.ambient_light_energy = lerpf(0.55, 0.6, day)
	_air.fog_light_color = Color(0.82, 0.50, 0.52).lerp(Color(0.86, 0.88, 0.80), day)
	_sky.set_shader_parameter("day", day)
	_sky.set_shader_parameter("sun", _sun.basis.z)
	_pond.set_shader_parameter("day", day)
	_pond.set_shader_parameter("breath", breath)
	_pond.set_shader_parameter("glow", glow)
	_ground.albedo_color = Color(0.10, 0.13, 0.10).lerp(
		Color(0.17, 0.30, 0.13), 0.5 * (day + growth)
	)
	for crown in _crowns:
		crown.set_shader_parameter("growth", growth)
		crown.set_shader_parameter("day", day)
	for index in _hills.size():
		var dusk := Color(0.34, 0.22, 0.42).lerp(Color(0.80, 0.48, 0.52), 0.32 * index)
		var noon := Color(0.26, 0.46, 0.46).lerp(Color(0.66, 0.82, 0.88), 0.36 * index)
		_hills[index].albedo_color = dusk.lerp(noon, day)
	_petals.speed_scale = 0.6 + 0.4 * breath
	_petals.color = Color(1.0, 0.85, 0.8, 0.25 + 0.75 * growth)


func _build_light() -> void:
	_air.background_mode = Environment.BG_COLOR
	_air.ambient_light_source = Environment.AMBIENT_SOURCE_COLOR
	_air.tonemap_mode = Environment.TONE_MAPPER_FILMIC
	_air.glow_enabled = true
	_air.glow_intensity = 0.55
	_air.glow_bloom = 0.04
	_air.glow_blend_mode = Environment.GLOW_BLEND_MODE_SCREEN
	_air.fog_enabled = true
	_air.fog_density = 0.006
	_air.fog_sky_affect = 0.0
	var world := WorldEnvironment.new()
	world.environment = _air
	add_child(world)
	_sun.shadow_enabled = true
	add_child(_sun)


func _build_dome() -> void:
	_sky.shader = preload("res://demo/garden/sky.gdshader")
	var dome := SphereMesh.new()
	dome.radius = 90.0
	dome.height = 180.0
	dome.material = _sky
	_body(dome, Vector3.ZERO)


func _build_ground() -> void:
	_ground.roughness = 1.0
	var tool := SurfaceTool.new()
	tool.begin(Mesh.PRIMITIVE_TRIANGLES)
	var cells := 56
	for row in cells:
		for column in cells:
			for corner: Vector2i in [
				Vector2i(0, 0),
				Vector2i(1, 0),
				Vector2i(1, 1),
				Vector2i(0, 0),
				Vector2i(1, 1),
				Vector2i(0, 1),
			]:
				var at := (Vector2(column, row) + Vector2(corner)) / cells * 60.0 - Vector2(30, 30)
				tool.add_vertex(Vector3(at.x, GardenMeadow.height(at) - 0.02, at.y))
	tool.generate_normals()
	var mesh := tool.commit()
	mesh.surface_set_material(0, _ground)
	_body(mesh, Vector3.ZERO)


func _build_pond() -> void:
	_pond.shader = preload("res://demo/garden/pond.gdshader")
	var water := PlaneMesh.new()
	water.size = Vector2(8.4, 8.4)
	water.material = _pond
	_body(water, Vector3(0, 0.05, 0))


func _build_tree(place: Vector3) -> void:
	var crown := ShaderMaterial.new()
	crown.shader = preload("res://demo/garden/foliage.gdshader")
	crown.set_shader_parameter("blossom", BLOSSOMS[_crowns.size() % BLOSSOMS.size()])
	_crowns.append(crown)
	var size := place.y
	var root := Vector3(place.x, GardenMeadow.height(Vector2(place.x, place.z)), place.z)
	var bark := StandardMaterial3D.new()
	bark.albedo_color = Color(0.27, 0.17, 0.16)
	bark.roughness = 1.0
	var trunk := CylinderMesh.new()
	trunk.top_radius = 0.12 * size
	trunk.bottom_radius = 0.26 * size
	trunk.height = 2.4 * size
	trunk.radial_segments = 7
	trunk.material = bark
	_body(trunk, root + Vector3(0, 1.1 * size, 0))
	for lump: Vector4 in [
		Vector4(0, 2.9, 0, 1.25),
		Vector4(-0.95, 2.5, 0.25, 0.9),
		Vector4(0.95, 2.55, -0.1, 0.95),
		Vector4(0.2, 2.35, 0.8, 0.8),
		Vector4(-0.15, 3.7, -0.1, 0.8),
	]:
		var leaves := SphereMesh.new()
		leaves.radius = lump.w
		leaves.height = 1.75 * lump.w
		leaves.radial_segments = 20
		leaves.rings = 10
		leaves.material = crown
		var body := _body(leaves, root + Vector3(lump.x, lump.y, lump.z) * size)
		body.scale = Vector3.ONE * size


func _build_ridge(ridge: int) -> void:
	var tool := SurfaceTool.new()
	tool.begin(Mesh.PRIMITIVE_TRIANGLE_STRIP)
	var far := 32.0 + 14.0 * ridge
	for step in 81:
		var angle := lerpf(-1.5, 1.5, step / 80.0)
		var tall := 4.6 + 2.2 * ridge + 1.9 * sin(3.1 * angle + 2.0 * ridge)
		tall += 1.0 * sin(8.0 * angle + ridge) + 0.35 * sin(23.0 * angle)
		var at := Vector3(sin(angle), 0, -cos(angle)) * far
		tool.set_normal(Vector3.UP)
		tool.add_vertex(at + Vector3(0, tall, 0))
		tool.set_normal(Vector3.UP)
		tool.add_vertex(at + Vector3(0, -3, 0))
	var tone := StandardMaterial3D.new()
	tone.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
	tone.cull_mode = BaseMaterial3D.CULL_DISABLED
	tone.disable_fog = true
	_hills.append(tone)
	var mesh := tool.commit()
	mesh.surface_set_material(0, tone)
	_body(mesh, Vector3.ZERO)


func _build_petals() -> void:
	var petal := QuadMesh.new()
	petal.size = Vector2(0.045, 0.03)
	var soft := StandardMaterial3D.new()
	soft.cull_mode = BaseMaterial3D.CULL_DISABLED
	soft.transparency = BaseMaterial3D.TRANSPARENCY_ALPHA
	soft.vertex_color_use_as_albedo = true
	soft.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
	petal.material = soft
	_petals.mesh = petal
	_petals.amount = 130
	_petals.lifetime = 9.0
	_petals.preprocess = 9.0
	_petals.emission_shape = CPUParticles3D.EMISSION_SHAPE_BOX
	_petals.emission_box_extents = Vector3(9, 2, 4)
	_petals.position = Vector3(0, 3.4, -4)
	_petals.direction = Vector3(1, -0.3, 0.2)
	_petals.spread = 40.0
	_petals.gravity = Vector3(0.05, -0.16, 0.02)
	_petals.initial_velocity_min = 0.15
	_petals.initial_velocity_max = 0.5
	_petals.angle_max = 360.0
	_petals.angular_velocity_min = -80.0
	_petals.angular_velocity_max = 80.0
	add_child(_petals)


func _body(mesh: Mesh, place: Vector3) -> MeshInstance3D:
	var body := MeshInstance3D.new()
	body.mesh = mesh
	body.position = place
	add_child(body)
	return body
