@tool
@icon("../icons/expression.svg")
class_name SentioExpression
extends Node
## Shows the sidecar's synthesis on a face with ARKit's blend shapes.
##
## [codeblock]
## var reply := await client.synthesise("happiness", 0.8).wait()
## if reply.ok:
##     expression.apply(reply.body["response"])
## [/codeblock]
## Shapes come quickly and fade slowly; those that the mesh lacks are left out.

## A new response was taken: its posture, gaze, prosody, light and music are the game's to use.
signal applied(response: Dictionary)

## Whether the face follows; without it the face relaxes.
@export var adapt := true
## The face: a [MeshInstance3D] with blend shapes by ARKit's names.
@export var face: MeshInstance3D:
	set(node):
		face = node
		_shapes.clear()
		update_configuration_warnings()
## Where the mesh has other names: ARKit's name to the mesh's.
@export var names: Dictionary[StringName, StringName] = {}
## Factor on all weights.
@export_range(0.0, 2.0, 0.01) var strength := 1.0
## Largest weight: a face at its limits looks like a mask.
@export_range(0.0, 1.0, 0.01) var most := 0.9
## Time constant of what grows.
@export_range(0.0, 5.0, 0.01, "suffix:s") var attack := 0.12
## Time constant of what fades.
@export_range(0.0, 5.0, 0.01, "suffix:s") var release := 0.35

## The last response, as it came.
var response := {}
## Deprecated: the former name of [member adapt]; goes with the next version.
var enabled: bool:
	get:
		SentioDeprecated.warn("SentioExpression.enabled", "adapt")
		return adapt
	set(value):
		SentioDeprecated.warn("SentioExpression.enabled", "adapt")
		adapt = value
## Deprecated: the former name of [member face]; goes with the next version.
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


## Takes what [code]synthesise[/code] answered: the map [code]response[/code].
func apply(new_response: Dictionary) -> void:
	var shapes: Variant = new_response.get("blendshapes")
	response = new_response
	apply_weights(shapes if shapes is Dictionary else {})
	applied.emit(response)


## Takes weights by ARKit's names, 0..1; what is not named fades out.
func apply_weights(weights: Dictionary) -> void:
	_wanted = {}
	for name: Variant in weights:
		if (weights[name] is float or weights[name] is int) and _shape(str(name)) >= 0:
			_wanted[str(name)] = strength * weights[name]


## Lets the face relax.
func clear() -> void:
	_wanted = {}


## Lets [param delta] seconds go by; [method _process] calls it.
func advance(delta: float) -> void:
	if face == null:
		return
	_blend.attack = attack
	_blend.release = release
	_blend.most = most
	var weights := _blend.step(delta, _wanted if adapt else {})
	for name: String in weights:
		var shape := _shape(name)
		if shape >= 0:
			face.set_blend_shape_value(shape, weights[name])


## The weight that is shown of ARKit's [param name], 0..1.
func weight(name: String) -> float:
	return _blend.weights.get(name, 0.0)


# The index of a shape, -1 where the mesh lacks it; looked up once a mesh.
func _shape(name: String) -> int:
	if not _shapes.has(name):
		_shapes[name] = face.find_blend_shape_by_name(names.get(name, name)) if face else -1
	return _shapes[name]
