extends SentioTestCase
## Every node while its feed is freed, while it moves to another parent, and at any time scale.

const FRAME := 1.0 / 60.0
const SCALES: Array[float] = [0.0, 0.1, 1.0, 4.0]
## Properties that hold a node which the scene may free.
const HELD: PackedStringArray = ["source", "feed", "client", "rails", "launcher", "face", "head"]


func test_no_node_fails_when_what_it_holds_is_freed() -> void:
	var all := _nodes()
	for node in all:
		var root := add(Node3D.new()) as Node3D
		var held: Array[Node] = []
		for property in HELD:
			if property in node:
				var made := _held(property)
				held.append(made)
				root.add_child(made)
				node.set(property, made)
		root.add_child(node)
		await _frames(3)
		for one in held:
			one.free()
		await _frames(40)
		_use(node)
		await _frames(3)
		check(is_instance_valid(node), str(node))
		root.free()
	check(all.size() >= 20, "%d nodes" % all.size())


func test_a_screen_shows_that_its_feed_is_gone() -> void:
	var feed := add(SentioSimulator.new()) as SentioSimulator
	var hud := (
		add((load("res://addons/sentio/hud/hud.tscn") as PackedScene).instantiate()) as SentioHud
	)
	await _frames(3)
	check("live" in hud._panel._link.text, hud._panel._link.text)
	feed.free()
	await _frames(3)
	check("off" in hud._panel._link.text, hud._panel._link.text)
	add(SentioSimulator.new())
	check(await until(func() -> bool: return "live" in hud._panel._link.text, 3.0), "the next")


func test_the_line_for_players_follows_the_nearest_feed() -> void:
	var feed := add(SentioSimulator.new()) as SentioSimulator
	var why := add(SentioWhy.new()) as SentioWhy
	await _frames(7)
	feed.report_adaptation(&"fog", 0.5, "stress 0.5")
	check("tense" in why.line, "'%s'" % why.line)


func test_no_node_fails_when_it_moves() -> void:
	for node in _nodes():
		var here := add(Node3D.new()) as Node3D
		var there := add(Node3D.new()) as Node3D
		here.add_child(SentioSimulator.new())
		here.add_child(node)
		await _frames(3)
		node.reparent(there)
		await _frames(3)
		node.reparent(here)
		await _frames(3)
		check(node.get_parent() == here, str(node))
		here.free()


func test_a_recording_goes_on_while_its_recorder_moves() -> void:
	var path := OS.get_user_data_dir().path_join("moved.frames")
	var client := add(_held("client")) as SentioClient
	var recorder := SentioRecorder.new()
	recorder.client = client
	recorder.where = SentioRecorder.RecordWhere.FRAME_FILE
	recorder.path = path
	var here := add(Node.new())
	var there := add(Node.new())
	here.add_child(recorder)
	recorder.start()
	check(recorder.active, recorder.reason)
	recorder.reparent(there)
	await _frames(2)
	check(recorder.active and client._observers.size() == 1, "goes on: " + recorder.reason)
	there.remove_child(recorder)
	await _frames(2)
	check(not recorder.active and client._observers.is_empty(), "ends outside")
	here.add_child(recorder)
	recorder.start()
	check(recorder.active, recorder.reason)
	recorder.free()
	check(client._observers.is_empty(), "ends when it is freed")


func test_two_recorders_of_one_client_write_both() -> void:
	var client := add(_held("client")) as SentioClient
	var seen: Array[PackedByteArray] = []
	client.message_observer = func(bytes: PackedByteArray, _now: float) -> void: seen.append(bytes)
	var recorders: Array[SentioRecorder] = []
	for number in 2:
		var recorder := add(SentioRecorder.new()) as SentioRecorder
		recorder.where = SentioRecorder.RecordWhere.FRAME_FILE
		recorder.client = client
		check(await recorder.start(), recorder.reason)
		recorders.append(recorder)
	check(recorders[0].reason != recorders[1].reason, "two files: " + recorders[1].reason)
	var message := PackedByteArray()
	message.resize(64)
	client._messages.add([[message, 1.0]])
	client._show_waiting()
	await recorders[0].stop()
	check(recorders[1].active, "the other goes on")
	client._messages.add([[message, 2.0]])
	client._show_waiting()
	equal([recorders[0]._writer.count, recorders[1]._writer.count], [1, 2], "messages written")
	equal(seen.size(), 2, "and the game sees them too")
	client.free()
	var next := add(_held("client")) as SentioClient
	recorders[1].client = next
	check(await recorders[1].start(), "starts again with the next client")
	equal(next._observers.size(), 1, "whose messages it writes")
	for recorder in recorders:
		await recorder.stop()


func test_a_client_may_be_chosen_later() -> void:
	var client := add(_held("client")) as SentioClient
	var recorder := add(SentioRecorder.new()) as SentioRecorder
	recorder.autostart = true
	recorder.client = client
	client.hello_received.emit({})
	check("could not start" in recorder.reason, "'%s'" % recorder.reason)
	recorder.client = add(_held("client")) as SentioClient
	equal(client.hello_received.get_connections().size(), 0, "not to the former client any more")
	var consent := (
		add((load("res://addons/sentio/nodes/consent.tscn") as PackedScene).instantiate())
		as SentioConsent
	)
	consent.client = client
	equal(consent._key.client, client, "the key withdraws there")
	client.consent_changed.emit({})
	client.consent = {"camera": ["adapt"]}
	client.consent_changed.emit(client.consent)
	check(consent._rows["camera"]._switches["adapt"].button_pressed, "shown at once")


func test_a_baseline_goes_on_while_its_screen_moves() -> void:
	var calibration := SentioCalibration.new()
	calibration.client = add(_held("client")) as SentioClient
	var here := add(Node.new())
	var there := add(Node.new())
	here.add_child(calibration)
	calibration.running = true
	calibration.reparent(there)
	await _frames(2)
	check(calibration.running, "goes on")
	there.remove_child(calibration)
	await _frames(2)
	check(not calibration.running, "ends outside")
	calibration.free()


func test_people_live_in_real_time() -> void:
	for scale in SCALES:
		Engine.time_scale = scale
		var simulator := add(SentioSimulator.new()) as SentioSimulator
		var player := SentioPlayer.new()
		player.file = repository("examples/recordings/simulated.frames")
		add(player)
		var binding := SentioBinding.new()
		binding.property = ^"position:y"
		var body := add(Node3D.new()) as Node3D
		binding.source = simulator
		body.add_child(binding)
		var began := Time.get_ticks_msec()
		var shown := [0]
		simulator.frame.connect(func(_frame: SentioAffectFrame) -> void: shown[0] += 1)
		# A busy machine draws late: what is shown is as old as its longest frame.
		var longest := await _longest_frame(1.3)
		var passed := (Time.get_ticks_msec() - began) / 1000.0
		var named := "at %s" % scale
		var late := 2.0 * longest * simulator.rate_hz
		near(shown[0], passed * simulator.rate_hz, 12.0 + late, "frames " + named)
		near(player.position, passed, 0.4 + longest, "seconds of a recording " + named)
		equal(binding.status, "following arousal_level", named)
		simulator.free()
		player.free()
		body.free()
	Engine.time_scale = 1.0


# Processes frames for [param seconds]; returns the seconds of the longest one.
func _longest_frame(seconds: float) -> float:
	var longest := 0.0
	var began := Time.get_ticks_msec()
	var last := began
	while last < began + 1000.0 * seconds:
		await tree.process_frame
		var now := Time.get_ticks_msec()
		longest = maxf(longest, (now - last) / 1000.0)
		last = now
	return longest


func test_what_a_person_holds_ends_after_their_time() -> void:
	for scale in SCALES:
		Engine.time_scale = scale
		var director := add(SentioDirector.new()) as SentioDirector
		director.set_process(false)
		director.hold_value(0.9, "therapist", 0.5)
		var end := Time.get_ticks_msec() + 20000
		var steps := 0
		while is_finite(director.manual_demand) and Time.get_ticks_msec() < end:
			director.advance(0.01 * scale)
			steps += 1
		check(steps > 0 and is_nan(director.manual_demand), "ends at %s" % scale)
		if scale > 0.0:
			near(steps, 50.0, 2.0, "steps at %s" % scale)
		director.free()
	Engine.time_scale = 1.0


func test_the_line_for_players_appears_while_the_game_stands_still() -> void:
	Engine.time_scale = 0.0
	var feed := add(SentioSimulator.new()) as SentioSimulator
	var why := add(SentioWhy.new()) as SentioWhy
	await _frames(2)
	feed.report_adaptation(&"fog", 0.5, "stress 0.5")
	check(
		await until(func() -> bool: return why.modulate.a > 0.9, 5.0), "shown: %s" % why.modulate.a
	)
	Engine.time_scale = 1.0


func _nodes() -> Array[Node]:
	var all: Array[Node] = []
	for info in ProjectSettings.get_global_class_list():
		var path: String = info["path"]
		var folders: PackedStringArray = ["nodes/", "vr/", "hud/"]
		for folder in folders:
			if path.begins_with("res://addons/sentio/" + folder):
				var script := load(path) as GDScript
				if ClassDB.is_parent_class(script.get_instance_base_type(), "Node"):
					var scene := path.replace(".gd", ".tscn")
					if ResourceLoader.exists(scene):
						all.append((load(scene) as PackedScene).instantiate())
					else:
						all.append(script.new() as Node)
	return all


func _held(property: String) -> Node:
	match property:
		"client":
			var client := SentioClient.new()
			client.autostart = false
			return client
		"rails":
			return SentioRails.new()
		"launcher":
			var launcher := SentioLauncher.new()
			launcher.autostart = false
			return launcher
		"face":
			return MeshInstance3D.new()
		"head":
			return Node3D.new()
	return SentioSimulator.new()


# Calls what a game would call, with what was freed.
func _use(node: Node) -> void:
	var calls := {
		"send": [],
		"assign": [],
		"start": [],
		"stop": [],
		"search": [],
		"store": [],
		"withdraw": [],
		"withdraw_all": [],
		"hold": ["x"],
		"finish": ["x"],
		"safe_stop": [],
		"freeze": [],
		"unfreeze": [],
		"clear": [],
		"launch": [],
		"restart": [],
		"hold_value": [0.5, "x"],
		"release_value": [],
		"apply_weights": [{"jawOpen": 0.5}],
		"choose": ["camera", PackedStringArray(["adapt"])],
	}
	for method: String in calls:
		if node.has_method(method) and not node is SentioFeed:
			node.callv(method, calls[method])


func _frames(count: int) -> void:
	for frame in count:
		await tree.process_frame
