class_name DemoCard
extends Button
## A stage on the menu: an animated picture, a name and one line.

const SIZE := Vector2(180, 268)
const PICTURE_HEIGHT := 132.0

var _art := ColorRect.new()
var _line: Label
var _lit := 0.0
var _clock := 0.0


## A card with picture [param which] of `art.gdshader`.
func set_up(which: int, title: String, line: String) -> void:
	focus_mode = Control.FOCUS_ALL
	for state: String in ["normal", "hover", "pressed", "focus"]:
		var ground := SentioPalette.box(Color(0.06, 0.08, 0.125, 0.9), 14, 0.0)
		ground.border_color = Color(1, 1, 1, 0.09)
		ground.set_border_width_all(1)
		if state in ["focus", "hover"]:
			ground.draw_center = state == "hover"
			ground.border_color = SentioPalette.TEAL
			ground.set_border_width_all(2)
		ground.shadow_color = Color(0, 0, 0, 0.35)
		ground.shadow_size = 14 if state == "normal" else 0
		add_theme_stylebox_override(state, ground)
	var shader := ShaderMaterial.new()
	shader.shader = preload("res://demo/menu/art.gdshader")
	shader.set_shader_parameter("which", which)
	_art.material = shader
	_art.position = Vector2(2, 2)
	_art.mouse_filter = Control.MOUSE_FILTER_IGNORE
	add_child(_art)
	var name_label := SentioPalette.label(title, 18, SentioPalette.TEXT, 0.55)
	name_label.position = Vector2(16, PICTURE_HEIGHT + 10)
	add_child(name_label)
	_line = SentioPalette.label(line, 14, SentioPalette.MUTED)
	_line.position = Vector2(16, PICTURE_HEIGHT + 40)
	_line.autowrap_mode = TextServer.AUTOWRAP_WORD_SMART
	add_child(_line)
	fit(SIZE.x)


## Gives it a width in pixels.
func fit(width: float) -> void:
	custom_minimum_size = Vector2(width, SIZE.y)
	pivot_offset = 0.5 * custom_minimum_size
	_art.size = Vector2(width - 4.0, PICTURE_HEIGHT)
	(_art.material as ShaderMaterial).set_shader_parameter("aspect", _art.size.aspect())
	_line.custom_minimum_size = Vector2(width - 32, 60)
	_line.size = _line.custom_minimum_size


func _process(delta: float) -> void:
	var wanted := 1.0 if is_hovered() or has_focus() else 0.0
	_lit = lerpf(_lit, wanted, 1.0 - exp(-9.0 * delta))
	_clock += delta * (0.5 + 0.8 * _lit)
	scale = Vector2.ONE * (1.0 + 0.025 * _lit)
	var shader: ShaderMaterial = _art.material
	shader.set_shader_parameter("lit", _lit)
	shader.set_shader_parameter("clock", _clock)
