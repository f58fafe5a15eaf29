@tool
@icon("../icons/expression.svg")
class_name SentioExpression
extends Node
## Applies the sidecar's expression synthesis to a face with ARKit's blend shapes.
##
## [codeblock]
## var reply := await client.synthesise("happiness", 0.8).wait()
## if reply.ok:
##     expression.apply(reply.body["response"])
## [/codeblock]
## Weights rise quickly and fall slowly; shapes that the mesh lacks are ignored.

## A response was applied; its posture, gaze, prosody, light and music are for the game to use.
signal applied(response: Dictionary)

## Whether the face follows responses; if not, it relaxes.
@export var adapt := true
## The face: a [MeshInstance3D] with blend shapes by ARKit's names.
@export var face: MeshInstance3D:
	set(node):
		face = node
		_shapes.clear()
		update_configuration_warnings()
## Names that differ in the mesh: ARKit's name to the mesh's.
@export var names: Dictionary[StringName, StringName] = {}
## Factor on all weights.
@export_range(0.0, 2.0, 0.01) var strength := 1.0
## Largest weight: extreme weights look unnatural.
@export_range(0.0, 1.0, 0.01) var max_weight := 0.9
## Time constant of rising weights.
@export_range(0.0, 5.0, 0.01, "suffix:s") var attack := 0.12
## Time constant of falling weights.
@export_range(0.0, 5.0, 0.01, "suffix:s") var release := 0.35

## The last response.
var response := {}
## Deprecated: the former name of [member max_weight]; to be removed in the next version.
var most: float:
	get:
		SentioDeprecated.warn("SentioExpression.most", "max_weight")
		return max_weight
	set(value):
		SentioDeprecated.warn("SentioExpression.most", "max_weight")
		max_weight = value
## Deprecated: the former name of [member adapt]; to be removed in the next version.
var enabled: bool:
	get:
		SentioDeprecated.warn("SentioExpression.enabled", "adapt")
		return adapt
	set(value):
		SentioDeprecated.warn("SentioExpression.enabled", "adapt")
		adapt = value
## Deprecated: the former name of [member face]; to be removed in the next version.
var mesh: MeshInstance3D:
	get:
		SentioDeprecated.warn("SentioExpression.mesh", "face")
		return face
	set(value):
		SentioDeprecated.warn("SentioExpression.mesh", "face")
		face = value

var _wanted := {}
var _shapes := {}
var _blend := SentioExpressionBlend.new()


func _ready() -> void:
	set_process(not Engine.is_editor_hint())


func _process(delta: float) -> void:
	advance(delta)


func _get_configuration_warnings() -> PackedStringArray:
	if face == null:
		return ["Choose the face: a MeshInstance3D with blend shapes."]
	if face.get_blend_shape_count() == 0:
		return ["%s has no blend shapes." % face.name]
	return []


## Applies the map [code]response[/code] of a reply to [code]synthesise[/code].
func apply(new_response: Dictionary) -> void:
	var given: Variant = new_response.get("blendshapes")
	var shapes: Dictionary = given if given is Dictionary else {}
	response = new_response
	apply_weights(shapes)
	applied.emit(response)


## Applies weights by ARKit's names, 0..1; other weights fade out.
func apply_weights(weights: Dictionary) -> void:
	_wanted = {}
	for shape: Variant in weights:
		if (weights[shape] is float or weights[shape] is int) and _shape(str(shape)) >= 0:
			_wanted[str(shape)] = strength * weights[shape]


## Relaxes the face.
func clear() -> void:
	_wanted = {}


## Advances by [param delta] seconds; called by [method _process].
func advance(delta: float) -> void:
	if face == null:
		return
	_blend.attack = attack
	_blend.release = release
	_blend.most = max_weight
	var weights := _blend.step(delta, _wanted if adapt else {})
	for named: String in weights:
		var shape := _shape(named)
		if shape >= 0:
			var now: float = weights[named]
			face.set_blend_shape_value(shape, now)


## The current weight of ARKit's [param shape], 0..1.
func weight(shape: String) -> float:
	return _blend.weights.get(shape, 0.0)


# Index of a shape, -1 if the mesh lacks it; cached for each mesh.
func _shape(shape: String) -> int:
	if not _shapes.has(shape):
		var named: StringName = names.get(shape, shape)
		_shapes[shape] = face.find_blend_shape_by_name(named) if face else -1
	return _shapes[shape]
