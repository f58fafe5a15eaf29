class_name SentioVignette
extends MeshInstance3D
## Darkens the edge of the view, as a child of the camera; set [member strength] from
## [method SentioComfort.vignette].

## The shader of the dark edge.
const SHADER := preload("vignette.gdshader")

## How much of the edge is dark, 0..1.
var strength := 0.0:
	set(value):
		strength = value
		visible = value > 0.0
		(material_override as ShaderMaterial).set_shader_parameter("strength", value)


func _init() -> void:
	var quad := QuadMesh.new()
	quad.size = Vector2.ONE
	mesh = quad
	var paint := ShaderMaterial.new()
	paint.shader = SHADER
	paint.render_priority = 100
	material_override = paint
	extra_cull_margin = 16384.0
	cast_shadow = GeometryInstance3D.SHADOW_CASTING_SETTING_OFF
	visible = false
