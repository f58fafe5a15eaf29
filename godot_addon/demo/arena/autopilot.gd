class_name ArenaAutopilot
extends ArenaPilot
## Plays automatically, about as well as a person: keeps away from foes and shots, aims ahead of
## the nearest foe, dashes when cornered, fetches wisps and stays near the middle.

## Speed of the hero's shots, metres a second, for aiming ahead.
const SHOT_SPEED := 19.0
## Steps of play a second, about.
const STEPS_A_SECOND := 25.0
## Distances at which it flees from a shot, and dashes.
const SHOT_RANGE := 3.0
const DASH_RANGE := 1.7

## The foes' shots, and the wisp that heals.
var danger: ArenaVolley
var wisp: Node3D

var _target: ArenaFoe
var _seen := Vector3.ZERO
var _steps := Vector3.ZERO


func read(hero: ArenaHero, horde: ArenaHorde, _camera: Camera3D) -> void:
	var at := hero.position
	var away := -at * (0.06 + 0.3 * smoothstep(4.0, 9.0, at.length()))
	var nearest: ArenaFoe = null
	var gap := INF
	for foe in horde.foes():
		var apart := at - foe.position
		var reach := maxf(apart.length() - foe.kind.radius, 0.4)
		away += apart.normalized() * 1.8 / reach
		if foe.is_solid() and reach < gap:
			nearest = foe
			gap = reach
	for shot in danger.places() if danger else PackedVector3Array():
		var apart := (at - shot) * Vector3(1, 0, 1)
		if apart.length() < SHOT_RANGE:
			away += apart.normalized() * 2.0 / maxf(apart.length(), 0.3)
	if wisp and wisp.visible and gap > 1.5:
		away += at.direction_to(wisp.position) * 1.6
	move = (away * Vector3(1, 0, 1)).limit_length(1.0)
	dash = gap < DASH_RANGE
	fire = nearest != null
	if nearest:
		aim = (at.direction_to(_ahead(at, nearest)) * Vector3(1, 0, 1)).normalized()


# Where [param foe] will be when a shot arrives, from its last steps.
func _ahead(at: Vector3, foe: ArenaFoe) -> Vector3:
	if foe == _target:
		_steps = _steps.lerp(foe.position - _seen, 0.3)
	else:
		_steps = Vector3.ZERO
	_target = foe
	_seen = foe.position
	var flight := at.distance_to(foe.position) / SHOT_SPEED
	return foe.position + _steps * flight * STEPS_A_SECOND
