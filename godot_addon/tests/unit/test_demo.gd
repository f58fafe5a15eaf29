extends SentioTestCase
## Parts of the demo that can be checked without rendering: face, music, shots.


func test_the_face_has_arkits_shapes_and_each_moves_it() -> void:
	var face: CompanionFace = add(CompanionFace.new())
	var mesh: ArrayMesh = face.mesh
	equal(mesh.get_blend_shape_count(), 52, "blend shapes")
	for index in CompanionShapes.NAMES.size():
		var name := CompanionShapes.NAMES[index]
		equal(String(mesh.get_blend_shape_name(index)), name, "name")
		check(_moves(mesh, index), name + " moves the face")


func test_a_face_never_leaves_its_range() -> void:
	for emotion: String in CompanionShapes.PROTOTYPES:
		var weights := CompanionShapes.show({emotion: 1.0, "happiness": 0.7})
		for name: String in weights:
			check(name in CompanionShapes.NAMES, name + " is a name of ARKit's")
			check(weights[name] >= 0.0 and weights[name] <= 1.0, name + " is a weight")


func test_texts_shrink_less_than_a_small_window() -> void:
	var base := Vector2(1280, 720)
	near(DemoSmallWindow.factor(Vector2(1920, 1080), base), 1.0, 1e-6, "a large window")
	near(DemoSmallWindow.factor(Vector2(1152, 648), base), 1.0, 1e-6, "Godot's usual window")
	near(0.25 * DemoSmallWindow.factor(Vector2(320, 480), base), 0.8, 1e-6, "a small one")


func test_a_course_that_stays_has_no_agreement() -> void:
	var wave := PackedFloat64Array()
	var flat := PackedFloat64Array()
	for step in 300:
		wave.append(sin(0.1 * step))
		flat.append(0.8)
	check(is_nan(DemoCourse.correlation(wave, flat)), "constant")
	near(DemoCourse.correlation(wave, wave), 1.0, 1e-6, "with itself")


func test_the_score_uses_existing_notes() -> void:
	var notes := DemoInstruments.all()
	var score := DemoScore.new()
	var draws := 0
	for step in 4096:
		var intensity := 0.5 + 0.5 * sin(0.01 * step)
		for note: Array in score.notes(step, intensity, cos(0.003 * step)):
			draws += 1
			if not notes.has(note[0]):
				check(false, "no note " + str(note[0]))
	check(draws > 2000, "it plays")


func test_calm_music_is_quieter_than_tense_music() -> void:
	var score := DemoScore.new()
	var calm := 0
	var tense := 0
	for step in 512:
		calm += score.notes(step, 0.1, 0.2).size()
		tense += score.notes(step, 0.9, 0.2).size()
	check(tense > 2 * calm, "layers join: %d notes against %d" % [tense, calm])


func test_the_mixer_keeps_a_stream_that_fades_out() -> void:
	var music := DemoMusic.new()
	add(music)
	check(await until(func() -> bool: return music._out != null), "it plays")
	var held: Array = [music._out]
	var stream: WeakRef = weakref(music.stream)
	music.free()
	check(stream.get_ref() != null, "the mixer may still ask the stream for its rate")
	held.clear()
	check(await until(func() -> bool: return stream.get_ref() == null), "and lets it go")


func test_shots_end_and_stay_bounded() -> void:
	var volley: ArenaVolley = add(ArenaVolley.new())
	volley.set_up(Color.WHITE, 10.0, 1.0, 0.5)
	for shot in 3 * ArenaVolley.MOST:
		volley.fire(Vector3.ZERO, Vector3.FORWARD)
	volley.advance(0.5)
	equal(volley.multimesh.visible_instance_count, ArenaVolley.MOST, "shots in the air")
	check(volley.take_hit(Vector3(0, 0, -5), 0.5), "a shot is where it flew")
	volley.advance(0.6)
	equal(volley.multimesh.visible_instance_count, 0, "shots after their time")


func test_the_menu_leads_to_every_stage_and_back() -> void:
	var demo: Node = (load("res://demo/main.tscn") as PackedScene).instantiate()
	add(demo)
	check(_shows(demo, "Menu"), "it begins with the menu")
	for name: String in ["Arena", "Garden", "Character", "Inspector"]:
		_stage_of(demo).open.emit(name.to_lower())
		check(await until(_shows.bind(demo, name), 10.0), "it opens " + name)
		_stage_of(demo).leave.emit()
		check(await until(_shows.bind(demo, "Menu"), 10.0), "it comes back from " + name)


func test_no_line_about_what_adapts_over_the_page_after_a_round() -> void:
	var course := DemoCourse.new()
	course.times = [0.0, 1.0]
	course.levels = [0.5, 0.5]
	course.demands = [0.5, 0.5]
	for name: String in ["arena", "corridor", "ledge"]:
		var scene: PackedScene = load("res://demo/%s/%s.tscn" % [name, name])
		var stage := add(scene.instantiate()) as DemoStage
		var results: DemoResults = stage.get("_results")
		var feed := stage.session.feed
		stage._why.advance(0.1)  # it follows the feed from now on
		feed.report(SentioAdaptation.new(&"demand", 0.2, "arousal_level 0.50"))
		stage._why.advance(0.1)
		check(stage._why.visible, name + " says what adapts")
		results.show_course(course, "Your night", "how much came")
		stage._why.advance(0.1)
		check(results.visible and not stage._why.visible, name + ": not over the page")
		feed.report(SentioAdaptation.new(&"demand", 0.6, "arousal_level 0.90"))
		stage._why.advance(0.1)
		check(not stage._why.visible, name + ": nor what comes later")
		results.visible = false
		stage._why.advance(0.1)
		check(stage._why.visible, name + " says it again in the next round")


func _stage_of(demo: Node) -> DemoStage:
	for child in demo.get_children():
		if child is DemoStage and not child.is_queued_for_deletion():
			return child
	return null


func _shows(demo: Node, name: String) -> bool:
	var stage := _stage_of(demo)
	return stage != null and stage.name.begins_with(name)


func _moves(mesh: ArrayMesh, shape: int) -> bool:
	for surface in mesh.get_surface_count():
		var base: PackedVector3Array = mesh.surface_get_arrays(surface)[Mesh.ARRAY_VERTEX]
		var arrays: Array = mesh.surface_get_blend_shape_arrays(surface)[shape]
		var moved: PackedVector3Array = arrays[Mesh.ARRAY_VERTEX]
		for index in base.size():
			if base[index].distance_to(moved[index]) > 0.005:
				return true
	return false


func test_the_screens_over_the_menu_keep_the_focus_and_give_it_back() -> void:
	var behind := add(Button.new()) as Button
	var client := SentioClient.new()
	client.autostart = false
	var launcher := SentioLauncher.new()
	launcher.name = "Launcher"
	launcher.autostart = false
	client.add_child(launcher)
	add(client)
	var personal := add(DemoPersonal.new()) as DemoPersonal
	for name: String in DemoPersonal.SCREENS:
		behind.grab_focus()
		personal.show_screen(name, client)
		var first := tree.root.gui_get_focus_owner()
		check(personal.is_ancestor_of(first), "%s has the focus: %s" % [name, first])
		behind.grab_focus()
		await tree.process_frame
		equal(tree.root.gui_get_focus_owner(), first, name + " keeps it")
		var screen := personal._middle.get_child(-1)
		if screen is SentioSensorChooser:
			equal((screen as SentioSensorChooser).launcher, launcher, "the choice restarts it")
			screen.emit_signal("closed", false)
		else:
			screen.emit_signal("closed")
		await tree.process_frame
		check(not personal.visible and behind.has_focus(), name + " gives it back")
