class_name ArenaHorde
extends Node3D
## The foes: number, kind and speed follow one intensity.

## A foe was shot down.
signal foe_down(foe: ArenaFoe)
## A foe was destroyed without being shot.
signal foe_scattered(foe: ArenaFoe)
## A foe shoots.
signal foe_shoots(from: Vector3, along: Vector3)

## Most foes at a time.
const MOST := 26
## Budget per second, at intensity 0 and 1.
const LEAST_BUDGET := 0.45
const MOST_BUDGET := 3.3
## Share of the budget in each watch: the night gets harder.
const WATCHES: Array[float] = [0.75, 0.9, 1.05]
## Smallest distance from the hero at which foes appear.
const RISE_DISTANCE := 6.0

var field := 15.0
## The warden while it is alive, or null.
var warden: ArenaFoe

var _budget := 2.0
var _next := 0
var _kinds := ArenaKind.all()
var _materials: Array[ShaderMaterial] = []
var _random := RandomNumberGenerator.new()


func _init() -> void:
	_random.seed = 11
	for kind in _kinds:
		_materials.append(_material(kind))


## All foes that are alive.
func foes() -> Array[ArenaFoe]:
	var all: Array[ArenaFoe] = []
	for child in get_children():
		if not child.is_queued_for_deletion():
			all.append(child as ArenaFoe)
	return all


## Spawns and moves foes for [param delta] seconds; [param intensity] is 0..1, [param watch] counts
## from 0. The first watch has no foes that shoot.
func advance(delta: float, hero: Vector3, intensity: float, watch := 1) -> void:
	var share := WATCHES[clampi(watch, 0, WATCHES.size() - 1)]
	_budget += delta * share * lerpf(LEAST_BUDGET, MOST_BUDGET, intensity)
	if _budget >= _kinds[_next].cost and get_child_count() < MOST:
		_budget -= _kinds[_next].cost
		_rise(_next, hero)
		_next = _choose(intensity, watch)
	_budget = minf(_budget, 6.0)
	var pace := 0.8 + 0.45 * intensity
	var all := foes()
	for foe in all:
		foe.advance(delta, hero, pace)
		foe.position = foe.position.limit_length(field - 0.4)
	_part(all)


## Lets the warden rise at the edge of the field, away from [param hero].
func rise_warden(hero: Vector3) -> void:
	var foe := ArenaFoe.new()
	var kind := ArenaKind.warden()
	foe.set_up(kind, _material(kind), _random)
	foe.shoots.connect(foe_shoots.emit)
	var away := -hero if hero.length() > 1.0 else Vector3.FORWARD
	foe.position = away.normalized() * 0.8 * field
	add_child(foe)
	warden = foe


## Applies hits of the shots of [param volley], one damage each.
func take_shots(volley: ArenaVolley) -> void:
	for foe in foes():
		if foe.is_solid() and volley.take_hit(foe.position, foe.kind.radius + 0.25):
			if foe.hurt(1.0):
				if foe == warden:
					warden = null
				foe_down.emit(foe)
				foe.queue_free()


## Whether a foe touches [param place] within [param reach].
func touches(place: Vector3, reach: float) -> bool:
	for foe in foes():
		if foe.is_solid() and foe.position.distance_to(place) < foe.kind.radius + reach:
			return true
	return false


## Destroys all foes at daybreak.
func scatter() -> void:
	for foe in foes():
		foe_scattered.emit(foe)
	clear()


## Removes all foes.
func clear() -> void:
	for foe in foes():
		foe.queue_free()
	warden = null
	_budget = 2.0


static func _material(kind: ArenaKind) -> ShaderMaterial:
	var material := ShaderMaterial.new()
	material.shader = preload("res://demo/arena/foe.gdshader")
	material.set_shader_parameter("tone", kind.tone)
	return material


func _choose(intensity: float, watch: int) -> int:
	var draw := _random.randf()
	if draw < 0.12 + 0.22 * intensity:
		return 1
	return 2 if watch > 0 and draw < 0.2 + 0.36 * intensity else 0


func _rise(index: int, hero: Vector3) -> void:
	var foe := ArenaFoe.new()
	foe.set_up(_kinds[index], _materials[index], _random)
	foe.shoots.connect(foe_shoots.emit)
	for attempt in 8:
		var angle := _random.randf_range(0.0, TAU)
		foe.position = Vector3(cos(angle), 0, sin(angle)) * _random.randf_range(0.45, 0.95) * field
		if foe.position.distance_to(hero) > RISE_DISTANCE:
			break
	add_child(foe)


func _part(all: Array[ArenaFoe]) -> void:
	for first in all.size():
		for second in range(first + 1, all.size()):
			var gap := all[first].position - all[second].position
			var room := all[first].kind.radius + all[second].kind.radius + 0.1
			if gap.length_squared() < room * room:
				var push := gap.normalized() * 0.5 * (room - gap.length())
				all[first].position += push
				all[second].position -= push
