class_name CompanionFace
extends MeshInstance3D
## The companion's face: one mesh with ARKit's 52 blend shapes, made in code.

const SKIN := preload("res://demo/character/skin.gdshader")
const IRIS := preload("res://demo/character/iris.gdshader")

## The skin, so that its blush can follow the mood.
var complexion := ShaderMaterial.new()


func _ready() -> void:
	complexion.shader = SKIN
	var made := ArrayMesh.new()
	# Not relative: the engine stores normals of shapes as directions, so differences are lost.
	made.blend_shape_mode = Mesh.BLEND_SHAPE_MODE_NORMALIZED
	for shape in CompanionShapes.NAMES:
		made.add_blend_shape(shape)
	var features := CompanionFeatures
	_add(made, 34, 44, features.head, complexion, "jaw cheek mouthSmile noseSneer")
	for side: float in [1.0, -1.0]:
		var other := "Right" if side > 0.0 else "Left"
		_add(made, 16, 16, features.eye.bind(side), _plain(Color(0.97, 0.97, 0.99), 0.12), "")
		var iris := ShaderMaterial.new()
		iris.shader = IRIS
		iris.set_shader_parameter("side", side)
		iris.set_shader_parameter("middle", features.eye_middle(side))
		iris.set_shader_parameter("axes", features.EYE * features.IRIS_OUT)
		_add(made, 7, 28, features.iris.bind(side), iris, "eyeLook", other)
		_add(
			made,
			10,
			20,
			features.upper_lid.bind(side),
			complexion,
			"eyeBlink eyeSquint eyeWide eyeLookDown browDown",
			other
		)
		_add(
			made,
			10,
			20,
			features.lower_lid.bind(side),
			complexion,
			"eyeBlink eyeSquint cheekSquint mouthSmile",
			other
		)
		var hair := _plain(Color(0.17, 0.10, 0.20), 0.7)
		_add(made, 10, 18, features.brow.bind(side), hair, "brow", other)
	_add(made, 2, 24, features.gap, _plain(Color(0.20, 0.03, 0.08), 0.9), "mouth jaw")
	_add(made, 2, 20, features.teeth, _plain(Color(0.97, 0.95, 0.92), 0.3), "mouth jaw")
	_add(made, 3, 16, features.tongue, _plain(Color(0.86, 0.33, 0.38), 0.4), "mouth jaw tongue")
	_add(made, 7, 44, features.lips, _plain(Color(0.78, 0.35, 0.36), 0.55), "mouth jaw")
	mesh = made


func _add(
	to: ArrayMesh,
	rows: int,
	columns: int,
	place: Callable,
	material: Material,
	moving: String,
	other_side: String = ""
) -> void:
	var patch := CompanionPatch.of(rows, columns, place, moving)
	patch.other_side = other_side
	patch.add_to(to, material)


func _plain(tone: Color, rough: float) -> StandardMaterial3D:
	var made := StandardMaterial3D.new()
	made.albedo_color = tone
	made.roughness = rough
	made.cull_mode = BaseMaterial3D.CULL_DISABLED
	return made
