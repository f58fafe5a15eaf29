class_name ArenaHero
extends Node3D
## The player's lantern: moves, aims, shoots, dashes, and takes damage.

## It shoots from [param from] along [param along].
signal shoots(from: Vector3, along: Vector3)
## It took damage; [param left] is the remaining health.
signal was_hurt(left: int)

const MOST_HEALTH := 5
const SPEED := 6.5
const ACCELERATION := 9.0
const SHOT_PAUSE := 0.16
const DASH_SPEED := 19.0
const DASH_SECONDS := 0.16
const DASH_PAUSE := 1.1
## Seconds of invulnerability after damage.
const MERCY_SECONDS := 1.2
const RADIUS := 0.45

var health := MOST_HEALTH
## Aim point on the ground.
var aim := Vector3.FORWARD

var _velocity := Vector3.ZERO
var _reload := 0.0
var _mercy := 0.0
var _dash := 0.0
var _dash_wait := 0.0
var _clock := 0.0

@onready var _core: MeshInstance3D = $Core
@onready var _ring: MeshInstance3D = $Ring
@onready var _light: OmniLight3D = $Light


## Moves by [param delta] seconds as [param pilot] wants, within [param field] of the middle.
func advance(delta: float, pilot: ArenaPilot, field: float) -> void:
	_clock += delta
	_reload -= delta
	_mercy -= delta
	_dash_wait -= delta
	_dash -= delta
	if pilot.dash and _dash_wait <= 0.0 and pilot.move != Vector3.ZERO:
		_dash = DASH_SECONDS
		_dash_wait = DASH_PAUSE
		_mercy = maxf(_mercy, DASH_SECONDS + 0.1)
	var wanted := pilot.move * (DASH_SPEED if _dash > 0.0 else SPEED)
	_velocity = _velocity.lerp(
		wanted, 1.0 - exp(-ACCELERATION * delta * (3.0 if _dash > 0.0 else 1.0))
	)
	position = (position + _velocity * delta).limit_length(field - RADIUS)
	if pilot.aim != Vector3.ZERO:
		aim = aim.slerp(pilot.aim, 1.0 - exp(-22.0 * delta)).normalized()
	if pilot.fire and _reload <= 0.0:
		_reload = SHOT_PAUSE
		shoots.emit(position + aim * 0.7, aim)
	_show()


## Takes one damage, unless it was hit a moment ago.
func hurt() -> void:
	if _mercy > 0.0 or health <= 0:
		return
	_mercy = MERCY_SECONDS
	health -= 1
	was_hurt.emit(health)


## Restores one health.
func heal() -> void:
	health = mini(health + 1, MOST_HEALTH)


## Brightness of the lantern, from the remaining share of health.
func glow() -> float:
	return 0.45 + 0.55 * float(health) / MOST_HEALTH


func _show() -> void:
	var beat := 0.5 + 0.5 * sin(4.0 * _clock)
	_core.position.y = 0.9 + 0.06 * sin(2.3 * _clock)
	_core.scale = Vector3.ONE * (0.95 + 0.05 * beat)
	_ring.position.y = _core.position.y
	_ring.look_at(_ring.global_position + aim + Vector3(0, 0.25 * sin(_clock), 0))
	_ring.rotate_object_local(Vector3.RIGHT, PI / 2.0)
	_light.light_energy = 4.2 * glow() * (1.0 if _mercy <= 0.0 else 0.7)
	_core.transparency = 0.45 if _mercy > 0.0 and _dash <= 0.0 else 0.0
