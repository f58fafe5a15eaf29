class_name ArenaFoe
extends Node3D
## One foe: moves towards the hero as its kind does, until it is shot.

## It shoots from [param from] along [param along].
signal shoots(from: Vector3, along: Vector3)

const CHARGE_WIND_UP := 0.8
const CHARGE_SECONDS := 0.7
const CHARGE_FACTOR := 5.2
const CHARGE_RANGE := 6.5
const CIRCLE_RANGE := 6.0
const SHOT_PAUSE := 2.2
const RISE_SECONDS := 0.6
## Pause between two rings of the warden's shots, and their number.
const RING_PAUSE := 3.4
const RING_SHOTS := 9

var kind: ArenaKind
var health := 1.0

var _body := MeshInstance3D.new()
var _risen := 0.0
var _hit := 0.0
var _timer := 0.0
var _dash := Vector3.ZERO
var _turn := 1.0
var _spin := 0.0


## Sets its kind to [param its_kind]; [param material] is shared by the kind.
func set_up(its_kind: ArenaKind, material: Material, random: RandomNumberGenerator) -> void:
	kind = its_kind
	health = kind.health
	_turn = 1.0 if random.randf() < 0.5 else -1.0
	_timer = random.randf_range(0.5, SHOT_PAUSE)
	_body.mesh = kind.mesh
	_body.material_override = material
	add_child(_body)


## Applies [param damage]; true if it is destroyed.
func hurt(damage: float) -> bool:
	health -= damage
	_hit = 1.0
	return health <= 0.0


## Whether it can hit and be hit: not while it rises from the ground.
func is_solid() -> bool:
	return _risen >= 1.0


## Moves by [param delta] seconds towards [param hero], [param pace] times as fast as usual.
func advance(delta: float, hero: Vector3, pace: float) -> void:
	_risen = minf(_risen + delta / RISE_SECONDS, 1.0)
	_hit = maxf(_hit - 5.0 * delta, 0.0)
	_spin += delta * (1.2 + 4.0 * _dash.length() / 8.0)
	if is_solid():
		match kind.way:
			ArenaKind.Way.DRIFT:
				position += _towards(hero) * kind.speed * pace * delta
			ArenaKind.Way.CHARGE:
				_charge(delta, hero, pace)
			ArenaKind.Way.CIRCLE:
				_circle(delta, hero, pace)
			ArenaKind.Way.LOOM:
				_loom(delta, hero, pace)
	var ease_in := 1.0 - pow(1.0 - _risen, 3.0)
	_body.position.y = lerpf(-1.2, 0.85 + 0.12 * sin(2.0 * _spin), ease_in)
	_body.rotation = Vector3(0.25 * sin(_spin), _spin, 0.0)
	_body.scale = Vector3.ONE * (0.3 + 0.7 * ease_in) * (1.0 + 0.18 * _hit)
	_body.set_instance_shader_parameter("hit", _hit * 0.8)


func _towards(hero: Vector3) -> Vector3:
	return position.direction_to(hero) * Vector3(1, 0, 1)


func _charge(delta: float, hero: Vector3, pace: float) -> void:
	_timer -= delta
	if _dash != Vector3.ZERO:
		position += _dash * delta
		if _timer <= 0.0:
			_dash = Vector3.ZERO
			_timer = CHARGE_WIND_UP
		return
	if position.distance_to(hero) > CHARGE_RANGE:
		position += _towards(hero) * kind.speed * 1.3 * pace * delta
		_timer = CHARGE_WIND_UP
	_body.set_instance_shader_parameter("charge", clampf(1.0 - _timer / CHARGE_WIND_UP, 0.0, 1.0))
	if _timer <= 0.0:
		_dash = _towards(hero) * kind.speed * CHARGE_FACTOR
		_timer = CHARGE_SECONDS


func _circle(delta: float, hero: Vector3, pace: float) -> void:
	var inwards := _towards(hero)
	var around := Vector3(-inwards.z, 0.0, inwards.x) * _turn
	var gap := position.distance_to(hero) - CIRCLE_RANGE
	var along := around + inwards * clampf(0.6 * gap, -1.2, 1.2)
	position += along.limit_length(1.0) * kind.speed * pace * delta
	_timer -= delta * pace
	_body.set_instance_shader_parameter("charge", clampf(1.0 - _timer / 0.6, 0.0, 1.0))
	if _timer <= 0.0:
		_timer = SHOT_PAUSE
		shoots.emit(position + inwards, inwards)


func _loom(delta: float, hero: Vector3, pace: float) -> void:
	position += _towards(hero) * kind.speed * delta
	_timer -= delta * pace
	_body.set_instance_shader_parameter("charge", clampf(1.0 - _timer / 0.9, 0.0, 1.0))
	if _timer > 0.0:
		return
	_timer = RING_PAUSE
	for shot in RING_SHOTS:
		var way := Vector3.FORWARD.rotated(Vector3.UP, TAU * shot / RING_SHOTS + _spin)
		shoots.emit(position + way * kind.radius, way)
