extends SentioSidecarCase
## The client against a real sidecar.


func test_states_and_a_marker_come_back() -> void:
	if not can_start():
		return
	var connection := free_connection()
	start(connection)
	var client := client_of(connection)
	var seqs: Array[int] = []
	var raised: Array[Dictionary] = []
	client.frame.connect(func(frame: SentioAffectFrame) -> void: seqs.append(frame.seq))
	client.event.connect(func(_who: String, body: Dictionary) -> void: raised.append(body))
	check(not client.mark(&"too early"), "no marker before the link is up")
	await live(client)
	check(await until(func() -> bool: return seqs.size() > 60, PATIENCE), "states")
	var sorted := seqs.duplicate()
	sorted.sort()
	equal(seqs, sorted, "in order")
	check(client.latest.has("arousal") and client.age() < 5.0, "the newest state is known")
	check(client.mark(&"boss", {"wave": 3}), "taken")
	var back := func() -> bool:
		return raised.any(
			func(body: Dictionary) -> bool:
				return body["kind"] == "marker" and body["name"] == "boss"
		)
	check(await until(back, PATIENCE), "the marker comes back as an event")
	check(client.report_adaptation(&"fog", 0.5, "calmer"), "adaptation taken")
	var held := SentioAdaptation.new(&"height", 0.25, "released", 0.75).authored("therapist", 2.5)
	check(client.report(held), "an override with author and duration")
	var reported := func() -> bool:
		return raised.any(
			func(body: Dictionary) -> bool:
				return body["kind"] == "adaptation" and body["name"] == "height"
		)
	check(await until(reported, PATIENCE), "it comes back as an event")
	for body in raised:
		if body["kind"] == "adaptation" and body["name"] == "height":
			var data: Dictionary = body["data"]
			equal(data["asked"], 0.75, "asked")
			equal(data["by"], "therapist", "by")
			equal(data["seconds"], 2.5, "seconds")
	await until(func() -> bool: return not client.latest_detail.is_empty(), PATIENCE)
	check(client.latest_detail["modalities"].size() > 0, "detail, decoded when asked")
	equal(client.counters()["missed_events"], 0, "missed events")
	equal(client.counters()["malformed"], 0, "malformed")


func test_every_request_is_answered() -> void:
	if not can_start():
		return
	var connection := free_connection()
	start(connection)
	var client := client_of(connection)
	await live(client)
	var good: Array[SentioReply] = [
		client.request("time"),
		client.request("status"),
		client.freeze("menu"),
		client.unfreeze(),
		client.override_values({"stress": 0.5}, 5.0),
		client.override_values({"stress": null}),
		client.synthesise("happiness", 0.7),
		client.send_text("what a day"),
		client.label("valence", 0.4),
		client.calibrate_status(),
		client.input("strap", "ppg", ["hr"], [0.1, 0.2, 0.3], 100.0),
		client.request("profile", {"action": "list"}),
	]
	for reply in good:
		await reply.wait()
		check(reply.ok, "%s: %s" % [reply.op, reply.error])
	check(client.sidecar_time() > 0.0, "the sidecar's clock is known")
	var bad := await client.request("rat", {"hz": 30}).wait()
	equal(bad.error.code, "unknown_op", "code")
	check("rate" in bad.error.fix, "the fix names the nearest: " + bad.error.fix)
	bad = await client.label("valence", 7.0).wait()
	equal(bad.error.code, "bad_argument", "code")


func test_a_killed_sidecar_is_found_again() -> void:
	if not can_start():
		return
	var connection := free_connection()
	var first := start(connection)
	var client := client_of(connection)
	await live(client)
	await until(func() -> bool: return client.latest != null, PATIENCE)
	var epoch := client.latest.epoch
	kill(first)
	var lost := await reason_at(client, SentioFeed.LinkState.LOST)
	check("sentio run" in lost or "trying again" in lost, lost)
	start(connection)
	check(
		await until(func() -> bool: return client.latest.epoch != epoch, PATIENCE),
		"states of the new epoch"
	)
	await live(client)
	check(client.counters()["reconnects"] >= 1, "counted")


func test_withdrawn_consent_is_seen() -> void:
	if not can_start():
		return
	var connection := free_connection()
	start(connection)
	var client := client_of(connection)
	var changes: Array[Dictionary] = []
	client.consent_changed.connect(
		func(granted: Dictionary) -> void: changes.append(granted.duplicate(true))
	)
	await live(client)
	await until(func() -> bool: return not client.consent.is_empty(), PATIENCE)
	check("adapt" in client.consent["camera"], "granted at first")
	var reply := await client.withdraw("camera").wait()
	check(reply.ok, str(reply.error))
	equal(client.consent["camera"], [], "known at once")
	var shown := func() -> bool:
		var modalities: Dictionary = client.latest_detail.get("modalities", {})
		return modalities.get("face", {}).get("state") == "withdrawn"
	check(await until(shown, PATIENCE), "the face is withdrawn in the next detail")
	check(changes.size() >= 2, "and emitted")
	reply = await client.grant("camera", ["adapt"]).wait()
	equal(client.consent["camera"], ["adapt"], "granted again")


func test_an_absent_subject_is_named() -> void:
	if not can_start():
		return
	var connection := free_connection()
	start(connection)
	var client := SentioClient.new()
	client.connection = connection
	client.subject = "nobody"
	add(client)
	var silent := await reason_at(client, SentioFeed.LinkState.SILENT)
	check("no state of 'nobody'" in silent, silent)


func test_consent_and_calibration_screens() -> void:
	if not can_start():
		return
	var connection := free_connection()
	start(connection)
	var client := client_of(connection)
	await live(client)
	await until(func() -> bool: return not client.consent.is_empty(), PATIENCE)
	var consent: SentioConsent = load("res://addons/sentio/nodes/consent.tscn").instantiate()
	consent.client = client
	add(consent)
	var row: SentioConsentRow = consent._rows["camera"]
	check(row._switches["adapt"].button_pressed, "what is agreed to is shown")
	row._switches["adapt"].button_pressed = false
	var withdrawn := func() -> bool: return client.consent["camera"] == []
	check(await until(withdrawn, PATIENCE), "one switch takes it all back")
	await until(func() -> bool: return row._state.text == "Not read", PATIENCE)
	equal(row._state.text, "Not read", "state text")
	var screen: SentioCalibration = load("res://addons/sentio/nodes/calibration.tscn").instantiate()
	screen.client = client
	add(screen)
	await screen.start()
	check(screen.running, "it measures: " + screen._text.text)
	var moved := func() -> bool: return screen._ring.progress > 0.02
	check(await until(moved, PATIENCE), "the ring fills")
	await screen.stop()
	check(not screen.running and "Nothing was kept" in screen._text.text, screen._text.text)
	screen._text.text = ""
	screen.start()
	await screen.stop()
	check("Nothing was kept" in screen._text.text, "stopped before it was answered")


func test_recording_from_the_engine() -> void:
	if not can_start():
		return
	var recordings := ProjectSettings.globalize_path("user://recordings")
	var file := FileAccess.open("user://recording.toml", FileAccess.WRITE)
	file.store_string('[recording]\nfolder = "%s"\n[[source]]\ntype = "simulate"\n' % recordings)
	file.close()
	var connection := free_connection()
	start(connection, ["--config", ProjectSettings.globalize_path("user://recording.toml")])
	var client := client_of(connection)
	await live(client)
	var recorder := SentioRecorder.new()
	recorder.client = client
	recorder.path = recordings
	check(not await recorder.start(), "a path is refused")
	check("expected a name" in recorder.reason, recorder.reason)
	recorder.path = "recording_%d" % Time.get_ticks_usec()
	add(recorder)
	check(await recorder.start(), "started: " + recorder.reason)
	check(await recorder.start(), "a second start")
	check(recorder.active, "active")
	var from := client.latest.seq
	await until(func() -> bool: return client.latest.seq > from + 30, PATIENCE)
	check(await recorder.stop(), "stopped: " + recorder.reason)
	check(await recorder.stop(), "stopped twice: " + recorder.reason)
	check(not recorder.active, "not active")
	var folder := recordings.path_join(recorder.path)
	check(not DirAccess.get_files_at(folder).is_empty(), "something is in " + folder)


func test_a_recorded_frame_file_is_played() -> void:
	if not can_start():
		return
	var connection := free_connection()
	start(connection)
	var client := client_of(connection)
	await live(client)
	var recorder := SentioRecorder.new()
	recorder.client = client
	recorder.where = SentioRecorder.RecordWhere.FRAME_FILE
	recorder.path = "user://test_heard.frames"
	add(recorder)
	check(await recorder.start(), recorder.reason)
	client.mark(&"here")
	var from := client.latest.seq
	await until(func() -> bool: return client.latest.seq > from + 60, PATIENCE)
	await recorder.stop()
	client.stop()
	var player := SentioPlayer.new()
	player.file = recorder.path
	player.autoplay = false
	var raised: Array[String] = []
	player.event.connect(
		func(_who: String, body: Dictionary) -> void: raised.append(str(body["name"]))
	)
	add(player)
	player.set_process(false)
	player.play()
	player.advance(player.duration())
	check(player.latest != null and player.latest.subject == client.latest.subject, "a state")
	check("here" in raised, "the marker")
	check(not player.latest_detail.is_empty(), "a detail")


func test_tokens() -> void:
	if not can_start():
		return
	var connection := free_connection()
	var file := FileAccess.open("user://token.toml", FileAccess.WRITE)
	file.store_string('[sidecar]\ntoken = "open sesame"\n[[source]]\ntype = "simulate"\n')
	file.close()
	start(connection, ["--config", ProjectSettings.globalize_path("user://token.toml")])
	connection.token = "open sesame"
	var good := client_of(connection)
	await live(good)
	var wrong: SentioConnection = connection.duplicate()
	wrong.token = "wrong"
	var refused := await reason_at(client_of(wrong), SentioFeed.LinkState.REFUSED)
	check("token refused" in refused, refused)
	var none: SentioConnection = connection.duplicate()
	none.token = ""
	refused = await reason_at(client_of(none), SentioFeed.LinkState.REFUSED)
	check("requires a token" in refused, refused)
	equal(good.link, SentioFeed.LinkState.LIVE, "the right one is still live")


func test_the_launcher_starts_one_sidecar_only() -> void:
	if not can_start():
		return
	var client := client_of(free_connection())
	var launcher := _launcher(client)
	await until(
		func() -> bool: return launcher.state == SentioLauncher.LaunchState.STARTED, PATIENCE
	)
	equal(launcher.state, SentioLauncher.LaunchState.STARTED, launcher.reason)
	await live(client)
	var second := _launcher(client)
	await until(func() -> bool: return second.state == SentioLauncher.LaunchState.FOUND, PATIENCE)
	equal(second.state, SentioLauncher.LaunchState.FOUND, second.reason)
	equal(second.process_id(), -1, "nothing was started twice")
	second.stop()
	equal(client.link, SentioFeed.LinkState.LIVE, "a sidecar that was found is left alone")
	var pid := launcher.process_id()
	launcher.stop()
	check(await until(_gone.bind(pid), PATIENCE), "what was started ends with the launcher")


func test_a_sidecar_ends_although_another_child_holds_its_pipe() -> void:
	if not can_start():
		return
	var launcher := _launcher(client_of(free_connection()))
	await _until_state(launcher, SentioLauncher.LaunchState.STARTED)
	var other := OS.create_process("sleep", ["60"])
	var pid := launcher.process_id()
	launcher.stop()
	check(await until(_gone.bind(pid), _soon()), "within 3 s")
	OS.kill(other)


func test_each_of_two_launchers_ends_its_own_sidecar() -> void:
	if not can_start():
		return
	var first := _launcher(client_of(free_connection()))
	await _until_state(first, SentioLauncher.LaunchState.STARTED)
	var second := _launcher(client_of(free_connection()))
	await _until_state(second, SentioLauncher.LaunchState.STARTED)
	var pids := [first.process_id(), second.process_id()]
	first.stop()
	check(await until(_gone.bind(pids[0]), _soon()), "the first")
	check(not _gone(pids[1]), "the second still runs")
	second.free()
	check(await until(_gone.bind(pids[1]), _soon()), "the second")


func test_two_launchers_at_once_share_one_sidecar() -> void:
	if not can_start():
		return
	var client := client_of(free_connection())
	var first := _launcher(client)
	var second := _launcher(client)
	await _until_state(first, SentioLauncher.LaunchState.STARTED)
	await _until_state(second, SentioLauncher.LaunchState.FOUND)
	equal(second.process_id(), -1, "one was started")
	first.stop()
	await _until_state(second, SentioLauncher.LaunchState.STARTED)
	await live(client)


func test_a_launcher_that_lost_its_ports_finds_the_other_sidecar() -> void:
	if not can_start():
		return
	var client := client_of(free_connection())
	var launcher := _launcher(client)
	# Not of the same game: started while the launcher looks, and not yet replying.
	var other := start(client.connection)
	await _until_state(launcher, SentioLauncher.LaunchState.FOUND)
	check(other.is_running(), "the other is left alone")
	equal(launcher.process_id(), -1, "its own has ended")


func test_the_launcher_reports_what_is_missing() -> void:
	var folder := OS.get_user_data_dir()
	var programs := {
		"no-such-program-anywhere": "there is no program 'no-such-program-anywhere'",
		folder.path_join("no/such/program"): "there is no program",
		_file("text.txt", "words", false): "is there but is no program",
		_file("script", "#!/no/such/interpreter\n", true): "is there but cannot be started",
		_file("ends", "#!/bin/sh\necho broken; exit 7\n", true): "did not start: code 7: broken",
	}
	for program: String in programs:
		var launcher := SentioLauncher.new()
		launcher.client = SentioClient.new()
		launcher.client.connection = free_connection()
		launcher.client.autostart = false
		launcher.command = program
		add(launcher.client)
		add(launcher)
		await _until_state(launcher, SentioLauncher.LaunchState.FAILED)
		var words: String = programs[program]
		check(words in launcher.reason, "%s, not %s" % [words, launcher.reason])


func test_a_player_chooses_a_board_and_sees_its_signal() -> void:
	if not can_start():
		return
	var file := "user://chosen.toml"
	DirAccess.remove_absolute(file)
	var client := client_of(free_connection())
	var launcher := SentioLauncher.new()
	launcher.client = client
	launcher.command = OS.get_environment("SENTIO_COMMAND")
	launcher.config = file
	add(launcher)
	await _until_state(launcher, SentioLauncher.LaunchState.STARTED)
	var chooser := SentioSensorChooser.new()
	chooser.client = client
	chooser.launcher = launcher
	chooser.file = file
	chooser.types = ["brainflow", "camera"]
	add(chooser)
	var row := chooser._rows["brainflow"]
	await until(func() -> bool: return not row._devices.is_empty(), PATIENCE)
	var names := row._devices.map(func(one: Dictionary) -> String: return one["name"])
	var index := names.find("synthetic")
	check(index >= 0, "listed: %s" % [names])
	row._choice.select(index + 1)
	row._choice.item_selected.emit(index + 1)
	var first := launcher.process_id()
	equal(chooser.store(), OK, "kept")
	await _until_state(launcher, SentioLauncher.LaunchState.STARTED)
	check(launcher.process_id() != first and launcher.process_id() > 0, "started anew")
	await live(client)
	check(not row._level.visible, "no level before consent")
	client.grant("eeg")
	check(await until(func() -> bool: return row._level.value > 0.3, PATIENCE), row._state.text)
	equal(row._state.text, "Good signal", "state")
	launcher.stop()
	DirAccess.remove_absolute(file)


func test_another_version_is_refused_with_a_fix() -> void:
	var port := OS.get_environment("SENTIO_NEWER_PORT")
	if port.is_empty():
		skipped = "SENTIO_NEWER_PORT is not set"
		return
	var connection := free_connection()
	connection.state_port = int(port)
	var refused := await reason_at(client_of(connection), SentioFeed.LinkState.REFUSED)
	check("version 2 needed" in refused and "update the addon" in refused, refused)


func _launcher(client: SentioClient) -> SentioLauncher:
	var launcher := SentioLauncher.new()
	launcher.client = client
	launcher.command = OS.get_environment("SENTIO_COMMAND")
	launcher.demo = true
	return add(launcher)


func _until_state(launcher: SentioLauncher, state: SentioLauncher.LaunchState) -> void:
	await until(func() -> bool: return launcher.state == state, PATIENCE)
	equal(launcher.state, state, launcher.reason)


# Writes a file in the user's folder; returns its path.
func _file(file_name: String, text: String, executable: bool) -> String:
	var path := OS.get_user_data_dir().path_join(file_name)
	FileAccess.open(path, FileAccess.WRITE).store_string(text)
	FileAccess.set_unix_permissions(path, 0x1ed if executable else 0x1a4)
	return path


# Three seconds, or as long as a start takes on a busy machine.
func _soon() -> float:
	return maxf(3.0, SentioStartTimes.new().expected())


# Whether a process has ended. The engine forgets a child that has: /proc is asked where it exists.
func _gone(pid: int) -> bool:
	if DirAccess.dir_exists_absolute("/proc/self"):
		return not FileAccess.file_exists("/proc/%d/stat" % pid)
	return not OS.is_process_running(pid)
