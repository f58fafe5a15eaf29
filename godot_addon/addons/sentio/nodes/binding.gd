@tool
@icon("../icons/binding.svg")
class_name SentioBinding
extends Node
## Drives any property of any node from an affect value, without code.
##
## The value goes through a confidence gate, dead band, curve, smoothing and slew limit, and then
## through [member rails] if they are set. With [member adapt] off, or if nothing is known,
## the property eases to the value of [member neutral].

## The game's value has changed.
signal changed(value: float)

## Number of steps at which a curve is sampled for its range.
const CURVE_STEPS := 64

## Whether the property follows affect; if not, it eases to neutral.
@export var adapt := true
## The affect source; empty uses the nearest feed, or the autoload [code]Sentio[/code].
@export var source: SentioFeed:
	set(node):
		source = node
		update_configuration_warnings()
## The entry of the affect vector that is followed. Levels such as [code]arousal_level[/code] move
## over 0..1 for every person; absolute entries such as [code]arousal[/code] compare people.
@export var entry := "arousal_level":
	set(name):
		entry = name
		update_configuration_warnings()
## The target node.
@export_node_path var target := NodePath(".."):
	set(path):
		target = path
		update_configuration_warnings()
## Its property: [code]light_energy[/code], [code]position:y[/code], [code]modulate[/code] ...
@export var property := NodePath(""):
	set(path):
		property = path
		update_configuration_warnings()
## For a colour property: the colours from value 0 to 1.
@export var colours: Gradient
## Safety limits, including flash limits if the property is a colour or [member is_light].
@export var rails: SentioRails
## Whether the value is a light's strength, whose flashing is limited.
@export var is_light := false

@export_group("Response")
## Maps affect (x, increasing) to the game's value (y).
@export var points := PackedVector2Array([Vector2(0, 0), Vector2(1, 1)])
## Smoothstep between the points instead of straight lines.
@export var smooth := false
## A curve instead of the points, over its own domain.
@export var curve: Curve
## Changes of affect that are ignored.
@export_range(0.0, 1.0, 0.005) var dead_band := 0.02
## Time constant of the smoothing.
@export_range(0.0, 30.0, 0.05, "suffix:s") var smoothing := 0.5
## Largest rise of the value per second; 0 for no limit.
@export_range(0.0, 10.0, 0.01, "or_greater", "suffix:/s") var rise := 0.0
## Largest fall of the value per second; 0 for no limit.
@export_range(0.0, 10.0, 0.01, "or_greater", "suffix:/s") var fall := 0.0

@export_group("Confidence")
## The affect value that is used when nothing is known.
@export_range(-1.0, 1.0, 0.01, "or_greater", "or_less") var neutral := 0.5
## Smallest confidence of the entry at which it is used ([method SentioAffectFrame.trust]).
@export_range(0.0, 1.0, 0.005) var threshold := SentioEntryTrust.LEAST
## Seconds for which the last good value is held.
@export_range(0.0, 30.0, 0.1, "suffix:s") var hold := 1.0
## Seconds from full weight to none, and back.
@export_range(0.0, 30.0, 0.1, "suffix:s") var ease_seconds := 2.0

## The last value; NAN before the first.
var value := NAN
## Whether the entry is followed or why not, in one line.
var status: String:
	get:
		return _status()
## Deprecated: the former name of [member adapt]; goes with the next version.
var enabled: bool:
	get:
		SentioDeprecated.warn("SentioBinding.enabled", "adapt")
		return adapt
	set(value):
		SentioDeprecated.warn("SentioBinding.enabled", "adapt")
		adapt = value

var _chain: SentioBindingChain
var _what := &""
var _top := 1.0
var _finder := SentioFeedFinder.new()


func _ready() -> void:
	set_process(not Engine.is_editor_hint())


func _process(delta: float) -> void:
	advance(delta)


func _validate_property(info: Dictionary) -> void:
	if info["name"] == "entry":
		info["hint"] = PROPERTY_HINT_ENUM_SUGGESTION
		info["hint_string"] = SentioFeedFinder.entry_hint()


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if not entry in SentioAffectFrame.names:
		warnings.append("There is no entry '%s' in the affect vector." % entry)
	var waits := SentioFeedFinder.warning_of(source, self, entry)
	if waits:
		warnings.append(waits)
	var node := get_node_or_null(target)
	if node == null:
		warnings.append("Choose the node whose property is driven.")
	elif property.is_empty():
		warnings.append("Name the property that is driven, such as light_energy or position:y.")
	elif node.get_indexed(property) == null:
		warnings.append("%s has no property '%s'." % [node.name, property])
	return warnings


## Applies settings that were changed in the running game.
func refresh() -> void:
	_chain = SentioBindingChain.new()
	_chain.gate.neutral = neutral
	_chain.gate.threshold = threshold
	_chain.gate.hold = hold
	_chain.gate.ease = ease_seconds
	_chain.band = SentioDeadBand.new(dead_band)
	_chain.curve = (
		SentioSampledCurve.new(curve) if curve else SentioResponseCurve.along(points, smooth)
	)
	_chain.smoothing = SentioSmoothing.new(smoothing)
	_chain.slew = SentioSlewLimit.new(rise if rise > 0.0 else INF, fall if fall > 0.0 else INF)
	# Flashes are relative to the light's largest value.
	_top = maxf(_extreme(maxf), 1e-9)
	# The key in the rails contains the binding's path: two bindings of one property have separate
	# limits.
	_what = StringName("%s>%s" % [get_path(), property])
	if is_instance_valid(rails):
		rails.define(_what, _extreme(minf), _extreme(maxf), _chain.curve.step(neutral))


## Advances by [param delta] seconds; called by [method _process].
func advance(delta: float) -> void:
	if _chain == null:
		refresh()
	# The player's time, whatever the game's is.
	var time := SentioElapsed.real(delta)
	if not is_instance_valid(source):
		source = _finder.of(null, self, time)
	var frame := SentioFeedFinder.fresh(source) if adapt else null
	var known := frame.followed(entry) if frame else NAN
	var sure := frame.trust(entry) if frame else NAN
	var wanted := _chain.step(time, known, sure)
	if is_instance_valid(rails):
		wanted = rails.limit(_what, wanted, delta)
		if is_light:
			wanted = _top * rails.limit_light(_what, wanted / _top, delta)
	if wanted != value:
		value = wanted
		changed.emit(value)
	_apply(delta)


func _status() -> String:
	if not adapt:
		return "adaptation is off"
	var waits := SentioFeedFinder.waits_for(source, entry, threshold)
	return waits if waits else "following %s" % entry


# The smallest or largest value of the response, by a function that chooses between two.
func _extreme(choose: Callable) -> float:
	var given := _chain.curve.y
	if curve:
		given = PackedFloat64Array()
		for step in CURVE_STEPS + 1:
			var share := float(step) / CURVE_STEPS
			given.append(curve.sample(lerpf(curve.min_domain, curve.max_domain, share)))
	var best := given[0]
	for y in given:
		best = choose.call(best, y)
	return best


func _apply(delta: float) -> void:
	var node := get_node_or_null(target)
	if node == null or property.is_empty():
		return
	match typeof(node.get_indexed(property)):
		TYPE_FLOAT:
			node.set_indexed(property, value)
		TYPE_INT:
			node.set_indexed(property, roundi(value))
		TYPE_BOOL:
			node.set_indexed(property, value >= 0.5)
		TYPE_VECTOR2:
			node.set_indexed(property, Vector2(value, value))
		TYPE_VECTOR3:
			node.set_indexed(property, Vector3(value, value, value))
		TYPE_COLOR:
			node.set_indexed(property, _colour(delta))


func _colour(delta: float) -> Color:
	var wanted := colours.sample(clampf(value, 0.0, 1.0)) if colours else Color(value, value, value)
	return rails.limit_colour(_what, wanted, delta) if is_instance_valid(rails) else wanted
