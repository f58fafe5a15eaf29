class_name ArenaPilot
extends RefCounted
## The player's input in this frame. Overridden by [ArenaAutopilot], which plays automatically.

## Direction of movement on the ground, length 1 at most.
var move := Vector3.ZERO
## Direction of aim on the ground; zero keeps the last one.
var aim := Vector3.ZERO
var fire := false
var dash := false

var _pad_aims := false


## Reads keyboard, mouse and gamepad; [param camera] projects the mouse to the ground.
func read(hero: ArenaHero, _horde: ArenaHorde, camera: Camera3D) -> void:
	DemoControls.need()
	var stick := Input.get_vector("demo_left", "demo_right", "demo_up", "demo_down")
	move = Vector3(stick.x, 0.0, stick.y)
	fire = Input.is_action_pressed("demo_fire")
	dash = Input.is_action_just_pressed("demo_dash")
	var right := Input.get_vector("demo_aim_left", "demo_aim_right", "demo_aim_up", "demo_aim_down")
	if right.length() > 0.3:
		_pad_aims = true
		fire = true
		aim = Vector3(right.x, 0.0, right.y).normalized()
		return
	if Input.get_last_mouse_velocity().length() > 1.0:
		_pad_aims = false
	if not _pad_aims:
		var mouse := camera.get_viewport().get_mouse_position()
		var ground := Plane(Vector3.UP, 0.8)
		var hit: Variant = ground.intersects_ray(
			camera.project_ray_origin(mouse), camera.project_ray_normal(mouse)
		)
		if hit is Vector3:
			aim = hero.position.direction_to(hit) * Vector3(1, 0, 1)
			aim = aim.normalized()
