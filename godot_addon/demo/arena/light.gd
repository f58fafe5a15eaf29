class_name ArenaLight
extends Node3D
## The arena's scenery and light: a floating disc of embers under a sky that follows the mood.

const STONES := 14
const CALM_SKY := Color(0.035, 0.055, 0.11)
const TENSE_SKY := Color(0.11, 0.03, 0.055)
const DAWN_SKY := Color(0.80, 0.46, 0.34)
const CALM_EMBER := Color(1.0, 0.55, 0.2)
const TENSE_EMBER := Color(1.0, 0.2, 0.12)

var _ground := ShaderMaterial.new()
var _abyss := ShaderMaterial.new()
var _sky := Environment.new()
var _moon := DirectionalLight3D.new()
var _embers := CPUParticles3D.new()


## Builds ground, stones, sky and embers for a field of [param radius].
func build(radius: float) -> void:
	_build_sky()
	_build_ground(radius)
	_build_abyss()
	_build_stones(radius)
	_build_embers(radius)


## Shows [param heat] 0..1 and the player's mood.
func show_mood(heat: float, mood: DemoMood, hero: Vector3) -> void:
	var tense := clampf(0.75 * heat + 0.35 * (mood.stress - 0.3), 0.0, 1.0)
	var sky := CALM_SKY.lerp(TENSE_SKY, tense)
	_sky.background_color = sky
	_sky.fog_light_color = sky * 1.4
	_abyss.set_shader_parameter("smoke", sky * 2.2)
	_sky.ambient_light_color = Color(0.42, 0.52, 0.85).lerp(Color(0.85, 0.4, 0.5), tense)
	_moon.light_color = Color(0.55, 0.7, 1.0).lerp(Color(1.0, 0.55, 0.5), tense)
	_ground.set_shader_parameter("heat", heat)
	_ground.set_shader_parameter("ember", CALM_EMBER.lerp(TENSE_EMBER, tense))
	_ground.set_shader_parameter("hero", hero)
	_embers.speed_scale = 0.5 + 1.2 * heat


## Shows the progress of the night, 0..1, over the mood; call after [method show_mood].
func show_night(light: float) -> void:
	var sky := _sky.background_color.lerp(DAWN_SKY, light)
	_sky.background_color = sky
	_sky.fog_light_color = sky * 1.4
	_abyss.set_shader_parameter("smoke", sky * lerpf(2.2, 1.15, light))
	_sky.ambient_light_color = _sky.ambient_light_color.lerp(Color(1.0, 0.82, 0.70), light)
	_sky.ambient_light_energy = lerpf(0.55, 1.0, light)
	_moon.light_color = _moon.light_color.lerp(Color(1.0, 0.80, 0.55), light)
	_moon.light_energy = lerpf(0.7, 1.5, light)


func _build_sky() -> void:
	_sky.background_mode = Environment.BG_COLOR
	_sky.ambient_light_source = Environment.AMBIENT_SOURCE_COLOR
	_sky.ambient_light_energy = 0.55
	_sky.tonemap_mode = Environment.TONE_MAPPER_FILMIC
	_sky.glow_enabled = true
	_sky.glow_intensity = 0.9
	_sky.glow_bloom = 0.06
	_sky.glow_blend_mode = Environment.GLOW_BLEND_MODE_SCREEN
	_sky.fog_enabled = true
	_sky.fog_density = 0.006
	var world := WorldEnvironment.new()
	world.environment = _sky
	add_child(world)
	_moon.rotation_degrees = Vector3(-52, 38, 0)
	_moon.light_energy = 0.7
	_moon.shadow_enabled = true
	add_child(_moon)


func _build_ground(radius: float) -> void:
	_ground.shader = preload("res://demo/arena/ground.gdshader")
	_ground.set_shader_parameter("radius", radius)
	var disc := CylinderMesh.new()
	disc.top_radius = radius
	disc.bottom_radius = radius * 0.82
	disc.height = 1.6
	disc.radial_segments = 96
	disc.material = _ground
	var body := MeshInstance3D.new()
	body.mesh = disc
	body.position.y = -0.8
	add_child(body)


func _build_abyss() -> void:
	_abyss.shader = preload("res://demo/arena/abyss.gdshader")
	var plane := PlaneMesh.new()
	plane.size = Vector2(160, 160)
	plane.material = _abyss
	var body := MeshInstance3D.new()
	body.mesh = plane
	body.position.y = -16.0
	add_child(body)


func _build_stones(radius: float) -> void:
	var random := RandomNumberGenerator.new()
	random.seed = 4
	var rock := StandardMaterial3D.new()
	rock.albedo_color = Color(0.13, 0.12, 0.18)
	rock.roughness = 0.8
	var rune := StandardMaterial3D.new()
	rune.albedo_color = Color(1.0, 0.6, 0.25)
	rune.emission_enabled = true
	rune.emission = Color(1.0, 0.5, 0.2)
	rune.emission_energy_multiplier = 1.8
	for index in STONES:
		var angle := TAU * (index + random.randf_range(-0.2, 0.2)) / STONES
		var tall := random.randf_range(1.6, 3.8)
		var stone := MeshInstance3D.new()
		var shape := CylinderMesh.new()
		shape.top_radius = random.randf_range(0.25, 0.4)
		shape.bottom_radius = random.randf_range(0.5, 0.7)
		shape.height = tall
		shape.radial_segments = 5
		shape.material = rock
		stone.mesh = shape
		stone.position = (
			Vector3(cos(angle), 0, sin(angle)) * (radius - 0.2) + Vector3(0, 0.4 * tall, 0)
		)
		stone.rotation = Vector3(
			random.randf_range(-0.12, 0.12), angle, random.randf_range(-0.12, 0.12)
		)
		add_child(stone)
		var mark := MeshInstance3D.new()
		var slit := BoxMesh.new()
		slit.size = Vector3(0.07, 0.42 * tall, 0.07)
		slit.material = rune
		mark.mesh = slit
		mark.position = stone.position - stone.position.normalized() * 0.42 * Vector3(1, 0, 1)
		add_child(mark)


func _build_embers(radius: float) -> void:
	var dot := SphereMesh.new()
	dot.radius = 0.035
	dot.height = 0.07
	dot.radial_segments = 5
	dot.rings = 3
	var glow := StandardMaterial3D.new()
	glow.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
	glow.albedo_color = Color(1.0, 0.62, 0.28)
	dot.material = glow
	_embers.mesh = dot
	_embers.amount = 110
	_embers.lifetime = 7.0
	_embers.preprocess = 7.0
	_embers.emission_shape = CPUParticles3D.EMISSION_SHAPE_BOX
	_embers.emission_box_extents = Vector3(radius, 0.2, radius)
	_embers.direction = Vector3(0.2, 1, 0)
	_embers.spread = 25.0
	_embers.gravity = Vector3(0, 0.05, 0)
	_embers.initial_velocity_min = 0.3
	_embers.initial_velocity_max = 0.9
	add_child(_embers)
