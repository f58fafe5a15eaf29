extends SentioSidecarCase
## The launcher with real sidecars.


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


func test_a_launched_game_has_a_role_of_its_own() -> void:
	if not can_start():
		return
	var connection := free_connection()
	var launcher := _launcher(client_of(connection))
	await _until_state(launcher, SentioLauncher.LaunchState.STARTED)
	await live(launcher.client)
	check(connection.token.is_empty(), "nothing that could be stored")
	equal(OS.get_environment(SentioTokenFile.VARIABLE), "", "no other child receives the token")
	var recording := await launcher.client.record_start().wait()
	equal(recording.error.code, "forbidden", "a game may not record")
	check("game_may" in recording.error.fix, recording.error.fix)
	var first := connection.launched.value
	check(first.length() >= 32, "%d characters" % first.length())
	launcher.restart()
	await _until_state(launcher, SentioLauncher.LaunchState.STARTED)
	check(connection.launched.value != first, "a new token for each start")
	await live(launcher.client)
	launcher.stop()
	equal(connection.launched.value, "", "the token of an ended sidecar is forgotten")


func test_a_configuration_permits_a_launched_game_to_record() -> void:
	if not can_start():
		return
	var file := OS.get_user_data_dir().path_join("game_may.toml")
	var folder := OS.get_user_data_dir().path_join("recordings")
	var text := '[sidecar]\ngame_may = ["record"]\n[recording]\nfolder = "%s"\n' % folder
	FileAccess.open(file, FileAccess.WRITE).store_string(text)
	var launcher := SentioLauncher.new()
	launcher.client = client_of(free_connection())
	launcher.command = OS.get_environment("SENTIO_COMMAND")
	launcher.config = file
	add(launcher)
	await _until_state(launcher, SentioLauncher.LaunchState.STARTED)
	await until(func() -> bool: return not launcher.client.hello.is_empty(), PATIENCE)
	var recording := await launcher.client.record_start().wait()
	check(recording.ok or recording.error.code != "forbidden", str(recording.error))
	await launcher.client.record_stop().wait()
	launcher.stop()


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
	kill(other)
	await _until_state(launcher, SentioLauncher.LaunchState.STARTED)


func test_the_launcher_reports_what_is_missing() -> void:
	var folder := OS.get_user_data_dir()
	var programs := {
		"no-such-program-anywhere": "there is no program 'no-such-program-anywhere'",
		folder.path_join("no/such/program"): "there is no program",
		_file("text.txt", "words", false): "exists but cannot be executed",
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
	check(launcher.process_id() != first and launcher.process_id() > 0, "started again")
	await live(client)
	check(not row._level.visible, "no level before consent")
	client.grant("eeg")
	check(await until(func() -> bool: return row._level.value > 0.3, PATIENCE), row._state.text)
	equal(row._state.text, "Good signal", "state")
	launcher.stop()
	DirAccess.remove_absolute(file)


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
