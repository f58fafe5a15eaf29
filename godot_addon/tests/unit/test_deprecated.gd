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
	var launcher := SentioLauncher.new()
	equal(launcher.pid(), launcher.process_id(), "SentioLauncher.pid")
	launcher.free()
	var why := SentioWhy.new()
	var change := SentioAdaptation.new(&"fog", 0.5, "arousal 0.40")
	equal(why.told(change), why.describe(change), "SentioWhy.told")
	why.free()


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
