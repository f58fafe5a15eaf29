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
## Value and confidence of an entry that is not known.
const UNKNOWN := Vector2(NAN, NAN)
const _DRIVEN: Array[Variant.Type] = [
	TYPE_FLOAT, TYPE_INT, TYPE_BOOL, TYPE_VECTOR2, TYPE_VECTOR3, TYPE_COLOR
]

## Whether the property follows affect; if not, it eases to neutral.
@export var adapt := true
## A ready-made response; setting it replaces entry, points, neutral and smoothing.
@export var preset: SentioPreset:
	set(chosen):
		preset = chosen
		if chosen:
			use(chosen)
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
		_index = SentioAffectFrame.index_of(name)
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
		_bound = null
		_kind = TYPE_NIL
		update_configuration_warnings()
## For a colour property: the colours from value 0 to 1.
@export var colours: Gradient
## Safety limits, including flash limits if the property is a colour or [member is_light].
@export var rails: SentioRails:
	set(node):
		rails = node
		_chain = null
		update_configuration_warnings()
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
@export_range(0.0, 1.0, 0.005) var threshold := SentioEntryConfidence.LEAST
## Seconds for which the last good value is held.
@export_range(0.0, 30.0, 0.1, "suffix:s") var hold := 1.0
## Seconds from full weight to none, and back.
@export_range(0.0, 30.0, 0.1, "suffix:s") var ease_seconds := 2.0

@export_group("Reporting")
## Name of the value in recordings; empty for the target's name and the property.
@export var what := &""
## Whether changes are reported to the feed, at most ten a second.
@export var reports := true
## Smallest change that is reported, as a share of the response's range.
@export_range(0.0, 1.0, 0.005) var report_step := 0.05

## The last value; NAN before the first.
var value := NAN
## Whether the entry is followed or why not, in one line.
var status: String:
	get:
		return _status()
## Deprecated: the former name of [member adapt]; to be removed in the next version.
var enabled: bool:
	get:
		SentioDeprecated.warn("SentioBinding.enabled", "adapt")
		return adapt
	set(value):
		SentioDeprecated.warn("SentioBinding.enabled", "adapt")
		adapt = value

# The node that was driven last, and the type of its property.
var _bound: Node
var _kind: Variant.Type = TYPE_NIL
var _index := SentioAffectFrame.index_of(entry)
var _chain: SentioBindingChain
var _reporting := SentioReportGate.new()
var _unreported := 0.0
var _manual := SentioManualValue.new()
var _rail := &""
var _what := &""
var _rail_key: SentioRailKey
var _top := 1.0
var _bottom := 0.0
var _finder := SentioFeedFinder.new()


func _ready() -> void:
	set_process(not Engine.is_editor_hint())


func _process(delta: float) -> void:
	advance(delta)


func _validate_property(info: Dictionary) -> void:
	SentioFeedFinder.suggest_entries(info)


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
	elif not typeof(node.get_indexed(property)) in _DRIVEN:
		warnings.append(_undriven(node) + ".")
	for index in range(1, points.size()):
		if points[index].x <= points[index - 1].x:
			warnings.append("The points' x must increase: point %d does not." % index)
	if is_light and rails == null:
		warnings.append("A light without rails may flash: give it a SentioRails.")
	if threshold <= 0.0:
		warnings.append("With the threshold 0 it follows values without confidence.")
	return warnings


## Takes the response of [param chosen]; [member rails] and [member target] stay.
func use(chosen: SentioPreset) -> void:
	entry = chosen.entry
	points = chosen.points
	smooth = chosen.smooth
	curve = null
	neutral = chosen.neutral
	smoothing = chosen.smoothing
	dead_band = chosen.dead_band
	rise = chosen.rise
	fall = chosen.fall
	_chain = null


## Holds the game's value at [param held] for [param seconds], set by hand by [param by]; rails
## still apply. The end is reported with the duration.
func hold_value(held: float, by: String, seconds := INF) -> void:
	_manual.hold(held, by, seconds)
	_send_report(SentioAdaptation.new(_name(), held, "set by hand").authored(by))


## Ends [method hold_value]; the value follows affect again.
func release_value() -> void:
	_end_hold(_manual.release())


## Applies settings that were changed in the running game.
func refresh() -> void:
	_chain = SentioBindingChain.new()
	_chain.neutral = neutral
	_chain.threshold = threshold
	_chain.hold = hold
	_chain.ease_seconds = ease_seconds
	_chain.width = dead_band
	_chain.curve = (
		SentioSampledCurve.new(curve) if curve else SentioResponseCurve.along(points, smooth)
	)
	_chain.seconds = smoothing
	_chain.rise = rise if rise > 0.0 else INF
	_chain.fall = fall if fall > 0.0 else INF
	# Flashes are relative to the light's largest value.
	_top = maxf(_extreme(maxf), 1e-9)
	_bottom = minf(_extreme(minf), _top)
	# The key in the rails contains the binding's path: two bindings of one property have separate
	# limits.
	_what = StringName("%s>%s" % [get_path(), property])
	if is_instance_valid(rails):
		if _rail_key == null or not _rail_key.is_of(rails, _what):
			_rail_key = SentioRailKey.new(rails, _what)
		rails.define(_what, _extreme(minf), _extreme(maxf), _chain.curve.step(neutral))


## Advances by [param delta] seconds; called by [method _process].
func advance(delta: float) -> void:
	if _chain == null:
		refresh()
	# The player's time, whatever the game's is.
	var time := delta if Engine.time_scale == 1.0 else SentioElapsed.real(delta)
	if not is_instance_valid(source):
		source = _finder.of(null, self, time)
	var frame := source.fresh_frame() if adapt and is_instance_valid(source) else null
	var read := frame.reading(_index) if frame else UNKNOWN
	var wanted := _chain.step(time, read.x, read.y)
	if is_finite(_manual.value):
		_end_hold(_manual.step(time))
		wanted = _manual.value if is_finite(_manual.value) else wanted
	var requested := wanted
	if is_instance_valid(rails):
		wanted = rails.limit(_what, wanted, delta, true)
		if is_light:
			wanted = _top * rails.limit_light(_what, wanted / _top, delta)
	if wanted != value:
		value = wanted
		changed.emit(value)
	var node := get_node_or_null(target)
	if _kind == TYPE_FLOAT and is_same(node, _bound):
		node.set_indexed(property, value)
	else:
		_apply(node, delta)
	# Looked at as often as a report is permitted: not in every frame.
	_unreported += time
	if reports and _unreported >= SentioReportGate.SHORTEST and is_instance_valid(source):
		_report(requested, read.x, read.y >= threshold)


func _report(requested: float, known: float, used: bool) -> void:
	var cause := &"by hand" if is_finite(_manual.value) else &"affect" if used else &"none"
	_rail = &"rail" if not is_equal_approx(requested, value) else &""
	_reporting.step = report_step * maxf(_top - _bottom, 1e-9)
	var passed := _unreported
	_unreported = 0.0
	if not _reporting.due(passed, value, "%s%s" % [cause, _rail]):
		return
	var why := "set by hand" if is_finite(_manual.value) else _status()
	if used and cause == &"affect":
		why = "%s %.2f" % [entry, known]
	if _rail:
		why += ", limited by rails"
	_send_report(
		SentioAdaptation.new(_name(), value, why, requested).authored(
			_manual.by if cause == &"by hand" else ""
		)
	)


func _send_report(adaptation: SentioAdaptation) -> void:
	if is_instance_valid(source):
		source.report(adaptation)


func _end_hold(lasted: float) -> void:
	if is_finite(lasted):
		_send_report(SentioAdaptation.new(_name(), value, "released").authored(_manual.by, lasted))


func _name() -> StringName:
	if what:
		return what
	var node := get_node_or_null(target)
	return StringName("%s:%s" % [node.name if node else name, property])


# Why the property of `node` takes no number.
func _undriven(node: Node) -> String:
	var kind := typeof(node.get_indexed(property))
	if kind == TYPE_NIL:
		return "%s has no property '%s'" % [node.name, property]
	return (
		"%s:%s is a %s: a binding drives numbers, switches, vectors and colours"
		% [node.name, property, type_string(kind)]
	)


func _status() -> String:
	if is_instance_valid(_bound) and not _kind in _DRIVEN:
		return _undriven(_bound)
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


func _apply(node: Node, delta: float) -> void:
	if node == null or property.is_empty():
		return
	_bound = node
	_kind = typeof(node.get_indexed(property)) as Variant.Type
	match _kind:
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
