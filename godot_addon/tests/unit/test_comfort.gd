extends SentioTestCase
## Comfort in a headset: no forced turning, slow moving, steady light, a way out; panels in reach.

const FRAME := 1.0 / 72.0


func test_the_game_never_turns_tilts_or_shakes_the_player() -> void:
	var comfort := add(SentioComfort.new()) as SentioComfort
	var tilted := Transform3D(Basis.from_euler(Vector3(0.5, 0.8, 0.6)), Vector3(0, 1, 0))
	var given := comfort.move(tilted, Vector3(0, 1, 0), FRAME)
	near(given.basis.y.angle_to(Vector3.UP), 0.0, 1e-5, "the horizon is kept")
	var heading := (-tilted.basis.z * Vector3(1, 0, 1)).normalized()
	near((-given.basis.z).angle_to(heading), 0.0, 1e-4, "the heading is kept")
	var place := Transform3D.IDENTITY
	var fastest := 0.0
	var hardest := 0.0
	var speed := 0.0
	for step in 720:
		var shake := Vector3(sin(step * 9.0), cos(step * 7.0), 0) * 0.5
		var next := comfort.move(place, Vector3(0, 20, 0) + shake, FRAME)
		var pace := next.origin.distance_to(place.origin) / FRAME
		hardest = maxf(hardest, absf(pace - speed) / FRAME)
		fastest = maxf(fastest, pace)
		speed = pace
		place = next
	check(fastest <= comfort.speed + 1e-3, "speed %.2f" % fastest)
	check(hardest <= comfort.acceleration + 0.05, "acceleration %.2f" % hardest)


func test_it_arrives_and_stops() -> void:
	var comfort := add(SentioComfort.new()) as SentioComfort
	var place := Transform3D.IDENTITY
	for step in 300:
		place = comfort.move(place, Vector3(0, 2, 0), FRAME)
	near(place.origin.y, 2.0, 1e-3, "there")
	equal(comfort.move(place, Vector3(0, 2, 0), FRAME).origin, place.origin, "still")


func test_vignette_and_brightness_change_slowly_in_both_eyes() -> void:
	var comfort := add(SentioComfort.new()) as SentioComfort
	near(comfort.vignette(1.0, 0.1), 0.15, 1e-6, "rise")
	near(comfort.vignette(NAN, 0.1), 0.15, 1e-6, "unknown holds")
	near(comfort.vignette(0.0, 0.1), 0.1, 1e-6, "fall")
	var before := [comfort.brightness(0, 0.5, FRAME), comfort.brightness(1, 0.5, FRAME)]
	for step in 200:
		var wanted := 1.0 if step % 10 >= 5 else 0.0
		for eye in 2:
			var given := comfort.brightness(eye, wanted if eye == 0 else 1.0 - wanted, FRAME)
			check(absf(given - before[eye]) <= comfort.light_change * FRAME + 1e-6, "slow")
			before[eye] = given
		check(absf(before[0] - before[1]) <= comfort.max_eye_difference + 1e-6, "the eyes agree")


func test_the_way_out_works_frozen_paused_and_in_slow_motion() -> void:
	var comfort := add(SentioComfort.new()) as SentioComfort
	equal(comfort.process_mode, Node.PROCESS_MODE_ALWAYS, "also while the tree is paused")
	var count := [0]
	comfort.exit_requested.connect(func() -> void: count[0] += 1)
	for step in 60:
		comfort.hold_exit(true, FRAME)
	equal(count[0], 0, "not by touching it")
	for step in 60:
		comfort.hold_exit(true, FRAME)
	equal(count[0], 1, "held for a second, once")
	comfort.hold_exit(false, FRAME)
	Engine.time_scale = 0.25
	for step in 80:
		comfort.hold_exit(true, FRAME * 0.25)
	Engine.time_scale = 1.0
	equal(count[0], 2, "in slow motion in the same real time")


func test_a_panel_is_placed_level_within_reach_and_comes_round() -> void:
	var panel := _panel()
	var eyes := Transform3D(Basis.from_euler(Vector3(-0.6, 0.7, 0.2)), Vector3(1, 1.6, 2))
	panel.place(eyes)
	near(panel.global_position.distance_to(eyes.origin), 1.11, 0.01, "within reach")
	near(panel.global_basis.y.angle_to(Vector3.UP), 0.0, 1e-5, "level")
	check((-panel.global_basis.z).dot(panel.global_position - eyes.origin) > 0.0, "faces them")
	var at := panel.global_position
	var away := Transform3D(Basis.from_euler(Vector3(0, 0.7 + PI, 0)), eyes.origin)
	for step in 60:
		panel.follow(away, FRAME)
	equal(panel.global_position, at, "it stays for a glance")
	for step in 120:
		panel.follow(away, FRAME)
	check(panel.global_position.distance_to(at) > 1.0, "and comes round after that")


func test_a_controller_and_the_gaze_press_buttons() -> void:
	var panel := _panel()
	var button := Button.new()
	var count := [0]
	button.pressed.connect(func() -> void: count[0] += 1)
	panel.show_control(button)
	await tree.process_frame
	var eyes := Transform3D(Basis.IDENTITY, Vector3(0, 1.6, 0))
	panel.place(eyes)
	var along := panel.global_position - eyes.origin
	var at := panel.hit(eyes.origin, along)
	near(at.x, 0.5 * panel.pixels.x, 1.0, "the middle")
	equal(panel.hit(eyes.origin, -along), Vector2(-1, -1), "behind")
	equal(panel.hit(eyes.origin, Vector3(3, 0, -1)), Vector2(-1, -1), "beside")
	panel.point(eyes.origin, along, false)
	panel.point(eyes.origin, along, true)
	panel.point(eyes.origin, along, false)
	equal(count[0], 1, "the trigger")
	panel.gaze(eyes.origin, along, FRAME)
	panel.gaze(eyes.origin, along, 20.0 * FRAME)
	check(panel._ring._share > 0.1, "a ring shows how far the gaze has pressed")
	for step in 200:
		panel.gaze(eyes.origin, along, FRAME)
	equal(count[0], 2, "the gaze, once")
	panel.gaze(eyes.origin, Vector3(3, 0, -1), FRAME)
	equal(panel.dwell, 0.0, "looking away restarts it")


func test_the_consent_screen_fits_a_panel() -> void:
	var panel := _panel()
	panel.scene = load("res://addons/sentio/nodes/consent.tscn") as PackedScene
	panel.show_control(panel.scene.instantiate() as Control)
	await tree.process_frame
	var needed := panel.control.get_combined_minimum_size()
	equal(Vector2i(panel.control.size), panel.pixels, "fills it")
	var list: ScrollContainer = (panel.control as SentioConsent)._scroll
	var eyes := Transform3D(Basis.IDENTITY, Vector3(0, 1.6, 0))
	panel.place(eyes)
	var low := Vector2(list.get_global_rect().get_center().x, list.get_global_rect().end.y - 12.0)
	var share := low / Vector2(panel.pixels) - Vector2(0.5, 0.5)
	var height := panel.width * panel.pixels.y / panel.pixels.x
	var spot := panel.global_transform * Vector3(share.x * panel.width, -share.y * height, 0.0)
	for step in 120:
		panel.gaze(eyes.origin, spot - eyes.origin, FRAME)
	check(list.scroll_vertical > 50, "the gaze at its edge scrolls: %d" % list.scroll_vertical)
	check(needed.x <= panel.pixels.x and needed.y <= panel.pixels.y, "fits: %s" % needed)


func test_motion_is_sent_only_with_consent() -> void:
	var client := add(SentioClient.new()) as SentioClient
	client.stop()
	var sensor := add(SentioMotionSensor.new()) as SentioMotionSensor
	sensor.set_process(false)
	sensor.client = client
	sensor.head = add(Node3D.new()) as Node3D
	check(not sensor.allowed(), "no consent was requested")
	client.consent = {"motion": ["adapt"]}
	check(sensor.allowed(), "agreed")
	var row := sensor.sample()
	equal(row.size(), SentioMotionSensor.CHANNELS.size(), "a row")
	check(is_nan(row[6]), "a missing hand is unknown")
	var sent := SentioClient._known(row)
	check(sent[6] == null and sent[0] == row[0], "unknown is null on the wire")
	near(row[5], -1.0, 1e-6, "looks ahead")


func _panel() -> SentioWorldPanel:
	var panel := add(SentioWorldPanel.new()) as SentioWorldPanel
	return panel
