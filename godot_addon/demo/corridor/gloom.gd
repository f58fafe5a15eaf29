class_name CorridorGloom
extends RefCounted
## Light, fog and lamps of the corridor: clear and warm where it holds back, dark and cold where it
## tries harder.

## From gloom 0 to 1.
const FOG := Vector2(0.02, 0.14)
const AMBIENT := Vector2(0.75, 0.2)
const LAMPS := Vector2(1.6, 0.2)
const GLASS := Vector2(2.6, 0.4)
const WARM := Color(0.13, 0.085, 0.05)
const COLD := Color(0.012, 0.018, 0.045)

## The glass of all lamps.
var glass := StandardMaterial3D.new()

var _air: Environment
var _lamps: Array[OmniLight3D] = []


## For the environment [param air].
func _init(air: Environment) -> void:
	_air = air
	glass.emission_enabled = true
	glass.emission = Color(1.0, 0.62, 0.3)
	show_gloom(0.0)


## Adds a lamp.
func add(lamp: OmniLight3D) -> void:
	_lamps.append(lamp)


## Shows [param gloom], 0..1.
func show_gloom(gloom: float) -> void:
	_air.fog_density = lerpf(FOG.x, FOG.y, gloom * gloom)
	_air.fog_light_color = WARM.lerp(COLD, gloom)
	_air.ambient_light_energy = lerpf(AMBIENT.x, AMBIENT.y, gloom)
	glass.emission_energy_multiplier = lerpf(GLASS.x, GLASS.y, gloom)
	for lamp in _lamps:
		lamp.light_energy = lerpf(LAMPS.x, LAMPS.y, gloom)
