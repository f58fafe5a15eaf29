class_name ArenaKind
extends RefCounted
## Properties of a kind of foe.

## How it moves.
enum Way { DRIFT, CHARGE, CIRCLE, LOOM }

var way: Way
var mesh: Mesh
var tone: Color
var radius: float
var speed: float
var health: float
var points: int
## Cost in the horde's budget.
var cost: float


## The three kinds, the most frequent first.
static func all() -> Array[ArenaKind]:
	return [_drifter(), _charger(), _circler()]


static func _drifter() -> ArenaKind:
	var made := ArenaKind.new()
	made.way = Way.DRIFT
	made.mesh = _crystal(4, 2, 0.55, 1.25)
	made.tone = Color(0.58, 0.36, 1.0)
	made.radius = 0.5
	made.speed = 2.6
	made.health = 2.0
	made.points = 10
	made.cost = 1.0
	return made


static func _charger() -> ArenaKind:
	var made := ArenaKind.new()
	made.way = Way.CHARGE
	made.mesh = _crystal(3, 2, 0.62, 1.7)
	made.tone = Color(1.0, 0.22, 0.34)
	made.radius = 0.55
	made.speed = 2.0
	made.health = 3.0
	made.points = 25
	made.cost = 2.0
	return made


static func _circler() -> ArenaKind:
	var made := ArenaKind.new()
	made.way = Way.CIRCLE
	made.mesh = _crystal(6, 3, 0.6, 1.0)
	made.tone = Color(0.2, 0.85, 0.95)
	made.radius = 0.55
	made.speed = 2.3
	made.health = 3.0
	made.points = 30
	made.cost = 2.5
	return made


## The warden of the third watch: slow, large, and it shoots all around.
static func warden() -> ArenaKind:
	var made := ArenaKind.new()
	made.way = Way.LOOM
	made.mesh = _crystal(8, 4, 1.5, 4.2)
	made.tone = Color(1.0, 0.42, 0.78)
	made.radius = 1.5
	made.speed = 1.15
	made.health = 46.0
	made.points = 400
	made.cost = 0.0
	return made


static func _crystal(sides: int, rings: int, wide: float, height: float) -> Mesh:
	var sphere := SphereMesh.new()
	sphere.radial_segments = sides
	sphere.rings = rings - 1
	sphere.radius = wide
	sphere.height = height
	return sphere
