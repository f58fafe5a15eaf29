extends SentioSidecarCase
## The client against a real sidecar.

const CONSENT := preload("res://addons/sentio/nodes/consent.tscn")


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
	var consent: SentioConsent = CONSENT.instantiate()
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
	var consent: SentioConsent = CONSENT.instantiate()
	consent.client = client
	add(consent)
	check(not consent._not_kept.visible, "all may be recorded")
	await client.grant("camera", ["adapt"]).wait()
	var shown := func() -> bool: return "allowed for: Camera." in consent._not_kept.text
	check(await until(shown, PATIENCE), "the person sees it: " + consent._not_kept.text)
	check(await recorder.start(), "goes on")
	check("no estimates recorded: camera without" in recorder.reason, recorder.reason)
	await client.grant("camera", ["adapt", "record"]).wait()
	var gone := func() -> bool: return not consent._not_kept.visible
	check(await until(gone, PATIENCE), "and that it is over")
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


func test_another_version_is_refused_with_a_fix() -> void:
	var port := OS.get_environment("SENTIO_NEWER_PORT")
	if port.is_empty():
		skipped = "SENTIO_NEWER_PORT is not set"
		return
	var connection := free_connection()
	connection.state_port = int(port)
	var refused := await reason_at(client_of(connection), SentioFeed.LinkState.REFUSED)
	check("version 2 needed" in refused and "update the addon" in refused, refused)
