extends SentioTestCase
## Screens that a game puts straight into its scene fit by themselves, in any window and language.

const SCREENS: PackedStringArray = ["nodes/consent", "nodes/sensor_chooser", "nodes/calibration"]
const ROOMS: Array[Vector2i] = [Vector2i(320, 480), Vector2i(640, 480), Vector2i(1280, 720)]


func test_a_screen_fits_a_few_frames_after_it_appears() -> void:
	var before := TranslationServer.get_locale()
	for language: String in ["en", "ar"]:
		TranslationServer.set_locale(language)
		for room in ROOMS:
			var window := _window(room)
			for name: String in SCREENS + PackedStringArray(["hud/hud"]):
				var screen := _screen(name)
				window.add_child(screen)
				await _frames(6)
				_check_inside(screen, window, "%s in %s, %s" % [name, room, language])
				screen.free()
	TranslationServer.set_locale(before)


func test_a_screen_fits_after_the_window_or_its_own_text_changed() -> void:
	for name: String in SCREENS:
		var window := _window(Vector2i(1280, 720))
		var screen := _screen(name)
		window.add_child(screen)
		await _frames(6)
		window.size = Vector2i(320, 480)
		await _frames(6)
		_check_inside(screen, window, name + " in a smaller window")
		window.size = Vector2i(1280, 720)
		await _frames(6)
		var large := _place(screen).size
		var label: Label = screen.find_children("*", "Label", true, false)[0]
		label.text = "What may this game notice about you while you play it? ".repeat(2)
		await _frames(6)
		_check_inside(screen, window, name + " with a long heading")
		label.text = "Sensors"
		await _frames(6)
		check(_place(screen).size.y <= large.y + 1.0, name + " with a short one: smaller again")


func test_a_screen_fits_another_window_and_none() -> void:
	for name: String in SCREENS + PackedStringArray(["hud/hud"]):
		var window := _window(Vector2i(1280, 720))
		var small := _window(Vector2i(320, 480))
		var screen := _screen(name)
		window.add_child(screen)
		await _frames(6)
		screen.reparent(small)
		await _frames(6)
		_check_inside(screen, small, name + " in another window")
		small.size = Vector2i(400, 560)
		await _frames(6)
		_check_inside(screen, small, name + " there, in another size")
		small.remove_child(screen)
		# The runner's watch sees what is asked of a screen outside.
		window.size = Vector2i(800, 600)
		small.size = Vector2i(320, 480)
		await _frames(3)
		screen.free()


func _window(room: Vector2i) -> SubViewport:
	var window := SubViewport.new()
	window.size = room
	return add(window)


func _screen(name: String) -> Node:
	var scene: PackedScene = load("res://addons/sentio/%s.tscn" % name)
	var screen := scene.instantiate()
	if "client" in screen:
		var client := SentioClient.new()
		client.autostart = false
		add(client)
		screen.set("client", client)
	return screen


func _place(screen: Node) -> Rect2:
	var panel: Control = screen if screen is Control else screen.get_node("Panel")
	return panel.get_global_transform() * Rect2(Vector2.ZERO, panel.size)


func _check_inside(screen: Node, window: SubViewport, what: String) -> void:
	var place := _place(screen)
	check(Rect2(Vector2.ZERO, window.size).grow(0.5).encloses(place), "%s: %s" % [what, place])


func _frames(count: int) -> void:
	for frame in count:
		await tree.process_frame
