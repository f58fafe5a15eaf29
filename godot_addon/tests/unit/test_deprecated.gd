extends SentioTestCase
## Former names still work; each warns once through [SentioDeprecated].


func test_former_properties_are_the_new_ones() -> void:
	var binding := SentioBinding.new()
	binding.enabled = false
	equal(binding.adapt, false, "SentioBinding.enabled")
	var director := SentioDirector.new()
	director.adapt = false
	equal(director.enabled, false, "SentioDirector.enabled")
	var expression := SentioExpression.new()
	var face := MeshInstance3D.new()
	expression.mesh = face
	equal(expression.face, face, "SentioExpression.mesh")
	expression.enabled = false
	equal(expression.adapt, false, "SentioExpression.enabled")
	var client := SentioClient.new()
	client.tap = test_former_properties_are_the_new_ones
	check(client.message_observer.is_valid(), "SentioClient.tap")
	for node: Node in [binding, director, expression, face, client]:
		node.free()


func test_former_properties_of_version_0_1_are_the_new_ones() -> void:
	var pairs: Array[Array] = [
		[SentioExposure.new(), "over", "finished", true],
		[SentioComfort.new(), "between_eyes", "max_eye_difference", 0.2],
		[SentioComfort.new(), "exiting", "exit_progress", 0.4],
		[SentioWhy.new(), "on", "show_line", false],
		[SentioWhy.new(), "left_out", "excluded", [&"fog"] as Array[StringName]],
		[SentioBreathing.new(), "start_where_they_are", "start_at_measured_rate", false],
		[SentioComparison.new(), "when_ready", "assign_when_ready", false],
		[SentioExpression.new(), "most", "max_weight", 0.5],
		[SentioMarker.new(), "least_interval", "min_interval", 3.0],
	]
	for pair: Array in pairs:
		var node: Node = pair[0]
		var former: String = pair[1]
		var current: String = pair[2]
		check(node.get(current) != pair[3], current + " differs by default")
		node.set(former, pair[3])
		equal(node.get(current), pair[3], former)
		equal(node.get(former), pair[3], current)
		node.free()


func test_a_scene_saved_with_former_properties_loads() -> void:
	var text := "[gd_scene load_steps=2 format=3]\n"
	text += '[ext_resource type="Script" path="res://addons/sentio/nodes/binding.gd" id="1"]\n'
	text += '[node name="Binding" type="Node"]\nscript = ExtResource("1")\nenabled = false\n'
	var path := "user://former.tscn"
	var file := FileAccess.open(path, FileAccess.WRITE)
	file.store_string(text)
	file.close()
	var binding: SentioBinding = (load(path) as PackedScene).instantiate()
	equal(binding.adapt, false, "enabled = false in a scene")
	binding.free()
	DirAccess.remove_absolute(path)


func test_former_methods_call_the_new_ones() -> void:
	var simulator := SentioSimulator.new()
	simulator.step(0.1)
	check(simulator.latest != null, "SentioSimulator.step")
	simulator.free()
	simulator = SentioSimulator.new()
	simulator.advance(0.7)
	equal(simulator.breath(), simulator.breath_phase(), "SentioSimulator.breath")
	equal(simulator.fresh(), simulator.fresh_frame(), "SentioFeed.fresh")
	var frame := simulator.latest
	equal(frame.followed("arousal"), frame.effective_value("arousal"), "followed")
	equal(frame.trust("arousal"), frame.effective_confidence("arousal"), "trust")
	simulator.free()
	var connection := SentioConnection.new()
	equal(connection.where(), connection.address(), "SentioConnection.where")
	equal(SentioEntryTrust.LEAST, SentioEntryConfidence.LEAST, "SentioEntryTrust")
	var launcher := SentioLauncher.new()
	equal(launcher.pid(), launcher.process_id(), "SentioLauncher.pid")
	launcher.free()
	var why := SentioWhy.new()
	var change := SentioAdaptation.new(&"fog", 0.5, "arousal 0.40")
	equal(why.told(change), why.describe(change), "SentioWhy.told")
	why.free()


func test_former_counts_of_input_are_the_new_ones() -> void:
	var former := SentioInputStatistics.new()
	var current := SentioInputStatistics.new()
	former.key()
	former.button()
	former.pointer(0.5)
	former.stick(Vector2(0.5, 0.0))
	former.error()
	current.count_key()
	current.count_button()
	current.count_pointer(0.5)
	current.count_stick(Vector2(0.5, 0.0))
	current.count_error()
	for node: SentioInputStatistics in [former, current]:
		node.advance(0.5)
	check(current._counter.row[0] > 0.0, "a key was counted")
	equal(former._counter.row, current._counter.row, "SentioInputStatistics")
	former.free()
	current.free()


func test_former_signals_of_headsets_are_still_emitted() -> void:
	var count: Array[int] = [0]
	var comfort := SentioComfort.new()
	comfort.left.connect(func() -> void: count[0] += 1)
	for _step: int in 20:
		comfort.hold_exit(true, 0.1)
	equal(count[0], 1, "SentioComfort.left")
	comfort.free()


func test_the_former_signal_is_still_emitted() -> void:
	var reasons := PackedStringArray()
	var player := SentioPlayer.new()
	player.link_state.connect(
		func(_state: SentioFeed.LinkState, reason: String) -> void: reasons.append(reason)
	)
	player.load_file("res://nowhere.frames")
	equal(reasons.size(), 1, "SentioFeed.link_state")
	player.free()


func test_former_enumerations_have_the_same_values() -> void:
	equal(SentioLauncher.State.FAILED, SentioLauncher.LaunchState.FAILED, "launcher")
	equal(SentioPacing.State.PEAK, SentioPacing.PacingState.PEAK, "pacing")
	equal(SentioBreathingPace.Stage.REST, SentioBreathingPace.BreathStage.REST, "breath")
	equal(SentioRecorder.Where.FRAME_FILE, SentioRecorder.RecordWhere.FRAME_FILE, "recorder")
