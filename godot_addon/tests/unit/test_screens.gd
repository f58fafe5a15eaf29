extends SentioTestCase
## Consent, calibration, launcher, marker and recorder report a missing sidecar.


func test_consent_starts_with_everything_off() -> void:
	var consent: SentioConsent = _scene("consent")
	consent.client = _stopped_client()
	add(consent)
	equal(consent._rows.size(), consent.sensors.size(), "rows")
	for sensor: String in consent._rows:
		var switches := consent._rows[sensor]._switches
		check(not switches["adapt"].button_pressed, sensor + " is off")
		check(switches["record"].disabled, sensor + ": nothing is kept of what is not read")
	var problems: Array[SentioError] = []
	consent.changed.connect(
		func(_s: String, _p: PackedStringArray, error: SentioError) -> void: problems.append(error)
	)
	await consent.choose("camera", ["adapt"])
	equal(problems[0].code, "closed", "the error is emitted")
	check("start()" in consent._problem.text, consent._problem.text)


func test_a_screen_has_the_focus_while_it_is_shown() -> void:
	var behind := add(Button.new()) as Button
	for screen: Control in [_scene("consent"), _scene("calibration"), SentioSensorChooser.new()]:
		behind.grab_focus()
		screen.visible = false
		add(screen)
		check(behind.has_focus(), "not while it is hidden")
		screen.visible = true
		var focused := tree.root.gui_get_focus_owner()
		check(focused and screen.is_ancestor_of(focused), "shown: %s" % focused)
		screen.visible = false
		check(behind.has_focus(), "given back")
		screen.visible = true
		screen.free()
		check(behind.has_focus(), "given back by one that is freed")


func test_the_list_follows_the_focus() -> void:
	var window := add(Control.new()) as Control
	window.size = Vector2(480.0, 400.0)
	var consent: SentioConsent = _scene("consent")
	window.add_child(consent)
	await tree.process_frame
	await tree.process_frame
	var last: String = consent.sensors[-1]
	consent._rows[last]._switches["adapt"].grab_focus()
	check(await until(func() -> bool: return consent._scroll.scroll_vertical > 100, 3.0), "scrolls")


func test_the_receipt_is_shown_and_has_the_whole_text() -> void:
	var body := {
		"receipts": [{"id": "ab12", "sensor": "eeg", "granted": true, "at": "2026-01-02T03:04:05Z"}]
	}
	equal(
		SentioConsent.receipt_line(body), "eeg granted, 2026-01-02 03:04. Receipt ab12", "receipt"
	)
	equal(SentioConsent.receipt_line({}), "", "no receipt")
	var consent: SentioConsent = _scene("consent")
	consent.client = _stopped_client()
	add(consent)
	for part: String in [
		consent.title, consent.introduction, consent.notice, "Pictures are not kept"
	]:
		check(part in consent.shown_text(), part)
	consent.custom_minimum_size.x = 0.0
	check(consent.get_combined_minimum_size().x <= 320.0, "fits into 320 px")


func test_a_guardian_is_asked_for_and_named_in_the_grant_until_the_dialog_is_done() -> void:
	var consent: SentioConsent = _scene("consent")
	consent.client = _stopped_client()
	consent.ask_guardian = true
	add(consent)
	check("guardian" not in consent._about(), "no guardian yet")
	consent._guardian.text = " eva "
	consent._guardian.text_changed.emit(" eva ")
	equal(consent._about()["guardian"], "eva", "the guardian")
	equal(consent._about()["by"], "guardian", "who decided")
	check(SentioConsent.GUARDIAN in consent._about()["text"], "the person saw the question")
	consent.custom_minimum_size.x = 0.0
	check(consent.get_combined_minimum_size().x <= 320.0, "fits into 320 px")
	consent._done.pressed.emit()
	check("guardian" not in consent._about(), "the next one may be the child")
	equal(consent._guardian.text, "", "the field")
	consent.guardian = "eva"
	consent.hide()
	check("guardian" not in consent._about(), "hidden")
	var body := {"receipts": [{"id": "c", "sensor": "eeg", "granted": true, "guardian": "eva"}]}
	check("by guardian eva" in SentioConsent.receipt_line(body), "the receipt names the guardian")


func test_switching_off_adapting_withdraws_all_purposes() -> void:
	var row := SentioConsentRow.of("camera", ["adapt", "record"])
	add(row)
	row.show_granted(["adapt", "record"], "on")
	var chosen: Array[PackedStringArray] = []
	row.chosen.connect(func(_s: String, wanted: PackedStringArray) -> void: chosen.append(wanted))
	row.show_granted(["adapt", "record"], "ended")
	equal(row._state.text, "Its file has ended", "a video instead of a camera")
	row._switches["record"].button_pressed = false
	equal(chosen[-1], PackedStringArray(["adapt"]), "one purpose taken back")
	row._switches["record"].button_pressed = true
	row._switches["adapt"].button_pressed = false
	equal(chosen[-1], PackedStringArray(), "all taken back")


func test_a_screen_for_an_exercise_or_a_study_can_be_switched_on() -> void:
	var row := SentioConsentRow.of("body", ["exercise", "research", "record"])
	add(row)
	row.show_granted([], "")
	check(not row._switches["exercise"].disabled, "an exercise reads")
	check(not row._switches["research"].disabled, "a study reads")
	check(row._switches["record"].disabled, "recording requires reading")
	var chosen: Array[PackedStringArray] = []
	row.chosen.connect(func(_s: String, wanted: PackedStringArray) -> void: chosen.append(wanted))
	row._switches["exercise"].button_pressed = true
	equal(chosen[-1], PackedStringArray(["exercise"]), "granted without adapt")
	row.show_granted(["exercise", "research", "record"], "on")
	row._switches["exercise"].button_pressed = false
	equal(chosen[-1], PackedStringArray(["research", "record"]), "the study goes on")
	row._switches["research"].button_pressed = false
	equal(chosen[-1], PackedStringArray(), "nothing is read: all taken back")


func test_lights_show_what_is_captured_for_what_since_when_and_if_recorded() -> void:
	var detail := {
		"sent": 200.0,
		"sensors":
		{
			"camera": {"state": "on", "consent": ["adapt", "record"], "since": 75.0},
			"eeg": {"state": "on", "consent": ["adapt"], "since": null},
		},
		"recording": {"active": true, "seconds": 3.0, "sensors": {"camera": "features"}},
	}
	equal(
		SentioCaptureLights.describe("camera", detail),
		"camera for adapt, record, 2:05, recorded (features)",
		"recorded"
	)
	equal(SentioCaptureLights.describe("eeg", detail), "eeg for adapt", "not recorded")
	var lights := SentioCaptureLights.new()
	add(lights)
	lights.show_detail(detail)
	equal(lights.get_child_count(), 3, "recording and two sensors")


func test_it_is_shown_that_a_recording_has_no_estimates() -> void:
	var lacking := {"player": {"camera": ["adapt"], "eeg": ["adapt", "share"]}}
	var recording := {"active": true, "seconds": 3.0, "without_record": lacking}
	var lights := SentioCaptureLights.new()
	add(lights)
	lights.show_detail({"recording": recording})
	var line: Label = lights.get_child(1)
	check("no estimates recorded: camera, eeg without the purpose record" in line.text, line.text)
	equal(
		SentioConsentRow.not_kept(recording),
		(
			"A recording is running. Your estimates are not kept in it, because keeping them is not"
			+ " allowed for: Camera, EEG headband."
		),
		"for the person"
	)
	for other: Dictionary in [{}, {"active": true}, {"active": false, "without_record": lacking}]:
		equal(SentioConsentRow.not_kept(other), "", "nothing to say about %s" % other)
		equal(SentioCaptureLights.without_record(other), "", "nor in the overlay")


func test_calibration_shows_why_it_failed() -> void:
	var screen: SentioCalibration = _scene("calibration")
	screen.client = _stopped_client()
	add(screen)
	var raised: Array[PackedStringArray] = []
	screen.refused.connect(func(reasons: PackedStringArray) -> void: raised.append(reasons))
	await screen.start()
	check("start()" in raised[0][0], raised[0][0])
	check(not screen.running, "not running")
	var words := screen._sentences({"reasons": ["body:moving", "nothing_heard"]})
	equal(words[0], "Heart and skin: there was a lot of movement.", "words")
	check("connected" in words[1], words[1])


func test_marker_and_recorder_need_a_feed() -> void:
	var marker := SentioMarker.new()
	check(marker._get_configuration_warnings().size() == 2, "warnings")
	add(marker)
	check(not marker.send(), "not sent")
	var simulator := SentioSimulator.new()
	add(simulator)
	marker.feed = simulator
	marker.marker = &"door"
	marker.min_interval = 5.0
	var sent: Array[bool] = []
	marker.sent.connect(func(taken: bool) -> void: sent.append(taken))
	check(marker.send() and not marker.send(), "the second came too soon")
	equal(sent, [true, false], "emitted")
	var recorder := SentioRecorder.new()
	add(recorder)
	check(not await recorder.start() and "no client" in recorder.reason, recorder.reason)


func test_a_stopped_client_fails_requests() -> void:
	var client := _stopped_client()
	check(not client.mark(&"a"), "no marker")
	equal((await client.request("time").wait()).error.code, "closed", "code")
	equal(client.counters(), {}, "counters")
	equal(client.age(), INF, "age")
	client.stop()
	client.connection = SentioConnection.new()
	client.connection.control_port = client.connection.state_port
	equal(client._get_configuration_warnings().size(), 1, "one port for two")


func test_screens_use_a_games_own_theme() -> void:
	var own := Theme.new()
	own.set_color("font_color", "Label", Color.RED)
	own.set_type_variation("SentioTitle", "Label")
	own.set_font_size("font_size", "SentioTitle", 51)
	for name: String in ["consent", "calibration"]:
		var screen: Control = _scene(name)
		screen.theme = own
		add(screen)
		var sizes: Array[int] = []
		for label: Label in screen.find_children("*", "Label", true, false):
			equal(label.get_theme_color("font_color"), Color.RED, "a label of " + name)
			sizes.append(label.get_theme_font_size("font_size"))
		check(51 in sizes, "the title of " + name)


func _stopped_client() -> SentioClient:
	var client := SentioClient.new()
	client.autostart = false
	return add(client)


func _scene(name: String) -> Node:
	return (load("res://addons/sentio/nodes/%s.tscn" % name) as PackedScene).instantiate()


func test_buttons_of_the_consent_dialog_are_reachable_in_a_small_window() -> void:
	for room: Vector2i in [Vector2i(320, 480), Vector2i(320, 640), Vector2i(900, 600)]:
		var window := SubViewport.new()
		window.size = room
		add(window)
		var consent: SentioConsent = _scene("consent")
		consent.client = _stopped_client()
		window.add_child(consent)
		consent._receipt.text = "body granted, 2026-11-29 08:41. Receipt 373398b67456fdf5"
		consent._receipt.visible = true
		consent._problem.text = "That did not work: the sidecar is not connected (start one)"
		for turn in 6:
			await tree.process_frame
			consent._show()
		var area := Rect2(Vector2.ZERO, room)
		for button: Button in consent.find_children("*", "Button", true, false):
			if not consent._scroll.is_ancestor_of(button):
				var place := button.get_global_rect()
				check(area.encloses(place), "%s in %s: %s" % [button.text, room, place])
		check(consent._scroll.size.y >= SentioConsent.LEAST_HEIGHT, "the list scrolls")
		window.free()


func test_chooser_and_calibration_fit_into_a_small_window_and_use_a_large_one() -> void:
	for name: String in ["sensor_chooser", "calibration"]:
		for room: Vector2i in [Vector2i(320, 480), Vector2i(320, 640), Vector2i(900, 600)]:
			var window := SubViewport.new()
			window.size = room
			add(window)
			var screen: PanelContainer = _scene(name)
			screen.set("client", _stopped_client())
			window.add_child(screen)
			for turn in 6:
				await tree.process_frame
				screen.call("_fit")
			var area := Rect2(Vector2.ZERO, room)
			check(area.encloses(screen.get_global_rect()), "%s in %s" % [name, room])
			for button: Button in screen.find_children("*", "Button", true, false):
				if button is not OptionButton:
					check(area.encloses(button.get_global_rect()), "%s: %s" % [name, button.text])
			if name == "sensor_chooser" and room.x == 900:
				var cards := screen.find_children("*", "SentioSensorRow", true, false)
				var first: Control = cards[0]
				var second: Control = cards[1]
				equal(first.position.y, second.position.y, "cards side by side")
			window.free()


func test_the_list_stays_where_it_is_when_a_receipt_is_shown() -> void:
	var window := SubViewport.new()
	window.size = Vector2i(900, 600)
	add(window)
	var consent: SentioConsent = _scene("consent")
	consent.client = _stopped_client()
	window.add_child(consent)
	for laid_out in 4:
		await tree.process_frame
	consent._scroll.scroll_vertical = 150
	await tree.process_frame
	equal(consent._scroll.scroll_vertical, 150, "it scrolls")
	consent._receipt.text = "body granted, 2026-11-29 08:41. Receipt 373398b67456fdf5"
	consent._receipt.visible = true
	consent._show()
	for laid_out in 4:
		await tree.process_frame
	equal(consent._scroll.scroll_vertical, 150, "and stays")
	window.free()
