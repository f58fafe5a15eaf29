extends SentioTestCase
## Warnings in the editor, and the status of nodes in the game, name what is missing and what to do.


func test_a_binding_warns_of_what_its_rails_and_points_lack() -> void:
	var binding := SentioBinding.new()
	binding.source = add(SentioSimulator.new()) as SentioSimulator
	binding.property = ^"light_energy"
	(add(OmniLight3D.new()) as Node).add_child(binding)
	equal(binding._get_configuration_warnings(), PackedStringArray(), "a good one")
	binding.points = PackedVector2Array([Vector2.ONE, Vector2.ZERO])
	_warns(binding, "x must increase: point 1 does not")
	binding.is_light = true
	_warns(binding, "may flash: give it a SentioRails")
	binding.threshold = 0.0
	_warns(binding, "follows values without confidence")
	binding.property = ^"light_enrgy"
	_warns(binding, "has no property 'light_enrgy'")
	binding.advance(0.1)
	check("has no property 'light_enrgy'" in binding.status, "in the game too: " + binding.status)
	binding.property = ^"name"
	_warns(binding, "is a StringName: a binding drives numbers")
	binding.advance(0.1)
	check("is a StringName" in binding.status, binding.status)
	binding.entry = "arousal_levl"
	_warns(binding, "no entry 'arousal_levl'")
	binding.target = ^"../nowhere"
	_warns(binding, "Choose the node whose property is driven")


func test_nodes_without_what_they_need_warn() -> void:
	var wrong := {
		"There is no feed in reach: set": SentioDirector.new(),
		"no SentioBinding or SentioDirector below": SentioComparison.new(),
		"There is no feed in reach": SentioExposure.new(),
		"Choose the head": SentioMotionSensor.new(),
		"Choose the eyes": SentioHeadset.new(),
		"Choose the SentioClient whose ports": SentioLauncher.new(),
		"Choose the SentioClient to record": SentioRecorder.new(),
		"Choose the face": SentioExpression.new(),
		"Give the marker a name": SentioMarker.new(),
		"Choose a frame file": SentioPlayer.new(),
		"Choose the SentioClient that sends": SentioInputStatistics.new(),
		"Choose the SentioClient whose sidecar lists": SentioSensorChooser.new(),
	}
	for words: String in wrong:
		var node: Node = wrong[words]
		if "autostart" in node:
			node.set("autostart", false)
		(add(Node.new()) as Node).add_child(node)
		_warns(node, words)
	var comparison := SentioComparison.new()
	var below := Node.new()
	below.add_child(SentioBinding.new())
	below.add_child(comparison)
	add(below)
	equal(comparison._get_configuration_warnings(), PackedStringArray(), "a good one")
	comparison.study = ""
	_warns(comparison, "Name the study")
	var directors: Array[SentioDirector] = []
	for number in 2:
		directors.append(add(SentioDirector.new()) as SentioDirector)
		directors[number].rails = directors[0].rails if number else add(SentioRails.new())
	_warns(directors[1], "Another SentioDirector of these rails is named 'demand' too")
	directors[1].what = &"music"
	check(not directors[0]._has_a_namesake(), "each has a name of its own")
	var exposure := add(SentioExposure.new()) as SentioExposure
	exposure.calm_below = 0.9
	_warns(exposure, "Calm is not below tense")
	check(not SentioHeadset.new().enter(), "without eyes there is no headset")


func test_an_exposure_reports_why_it_waits() -> void:
	var exposure := add(SentioExposure.new()) as SentioExposure
	exposure.set_process(false)
	check("no feed in reach" in exposure.status, exposure.status)
	var simulator := add(SentioSimulator.new()) as SentioSimulator
	exposure.source = simulator
	simulator.advance(0.1)
	equal(exposure.status, "following stress_level", "status")
	simulator.unknown = ["stress", "stress_level"]
	simulator.advance(0.1)
	check("stress_level is unknown" in exposure.status, exposure.status)
	exposure.adapt = false
	equal(exposure.status, "adaptation is off", "status")
	exposure.step_forward("helper")
	exposure.hold("helper")
	equal(exposure.status, "held at step 1", "status")
	exposure.finish("helper")
	check("finished" in exposure.status, exposure.status)


func test_a_motion_sensor_reports_why_nothing_is_sent() -> void:
	var sensor := add(SentioMotionSensor.new()) as SentioMotionSensor
	check("no head" in sensor.status, sensor.status)
	sensor.head = add(Node3D.new()) as Node3D
	check("no client in reach" in sensor.status, sensor.status)
	var client := SentioClient.new()
	client.autostart = false
	sensor.client = add(client) as SentioClient
	check("no consent" in sensor.status, sensor.status)
	client.consent = {"motion": ["adapt"]}
	check("sending" in sensor.status, sensor.status)


func _warns(node: Node, words: String) -> void:
	var all := "; ".join(node.call("_get_configuration_warnings") as PackedStringArray)
	check(
		words in all, "%s: '%s' instead of '%s'" % [node.get_script().get_global_name(), all, words]
	)
