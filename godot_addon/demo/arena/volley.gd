class_name ArenaVolley
extends MultiMeshInstance3D
## All shots of one side, in one draw call.

## Most shots in flight; the oldest are removed.
const MOST := 96
const HEIGHT := 0.8

var speed := 16.0
var seconds := 1.1

var _places := PackedVector3Array()
var _ways := PackedVector3Array()
var _ages := PackedFloat32Array()


## Draws the shots in [param tone].
func set_up(tone: Color, fly_speed: float, fly_seconds: float, length: float) -> void:
	speed = fly_speed
	seconds = fly_seconds
	var shape := CapsuleMesh.new()
	shape.radius = 0.12
	shape.height = length
	shape.radial_segments = 8
	shape.rings = 3
	var glow := StandardMaterial3D.new()
	glow.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
	glow.albedo_color = tone.lightened(0.45)
	glow.emission_enabled = true
	glow.emission = tone
	glow.emission_energy_multiplier = 2.5
	shape.material = glow
	multimesh = MultiMesh.new()
	multimesh.transform_format = MultiMesh.TRANSFORM_3D
	multimesh.mesh = shape
	multimesh.instance_count = MOST
	multimesh.visible_instance_count = 0
	custom_aabb = AABB(Vector3(-40, -5, -40), Vector3(80, 10, 80))


## Sends a shot from [param from] along [param along], a unit vector on the ground.
func fire(from: Vector3, along: Vector3) -> void:
	if _places.size() >= MOST:
		_remove(0)
	_places.append(Vector3(from.x, HEIGHT, from.z))
	_ways.append(along)
	_ages.append(0.0)


## Moves all shots; expired ones are removed.
func advance(delta: float) -> void:
	for index in range(_places.size() - 1, -1, -1):
		_ages[index] += delta
		_places[index] += _ways[index] * speed * delta
		if _ages[index] > seconds:
			_remove(index)
	multimesh.visible_instance_count = _places.size()
	for index in _places.size():
		var side := _ways[index].cross(Vector3.UP)
		var lie := Basis(side, _ways[index], Vector3.UP)
		multimesh.set_instance_transform(index, Transform3D(lie, _places[index]))


## Whether a shot is within [param reach] of [param place] on the ground; removes that shot.
func take_hit(place: Vector3, reach: float) -> bool:
	for index in _places.size():
		var gap := Vector2(_places[index].x - place.x, _places[index].z - place.z)
		if gap.length_squared() < reach * reach:
			_remove(index)
			return true
	return false


## Where the shots are.
func places() -> PackedVector3Array:
	return _places


## Removes all shots.
func clear() -> void:
	_places.clear()
	_ways.clear()
	_ages.clear()


func _remove(index: int) -> void:
	_places.remove_at(index)
	_ways.remove_at(index)
	_ages.remove_at(index)
