extends SentioTestCase
## What nodes follow: the entry that they are bound to, by its own confidence, and why they wait.

const FRAME := 1.0 / 60.0


## A feed whose frames the test builds.
class BuiltFeed:
	extends SentioFeed
	var reports: Array[String] = []
	var _builder := SentioFrameBuilder.new("p", 1)

	func show(values: Dictionary, confidences: Dictionary = {}) -> void:
		latest = _builder.build(values, "ok", 1.0, {}, confidences)

	func age() -> float:
		return 0.0

	func _send_adaptation(adaptation: SentioAdaptation) -> bool:
		reports.append(adaptation.why)
		return true


func test_an_entrys_own_confidence_counts() -> void:
	var feed := _feed()
	feed.show({"arousal": 0.5, "stress": 0.4, "heart_rate": 90.0, "confidence": 0.3})
	near(feed.latest.effective_confidence("arousal"), 0.3, 1e-6, "where none came: the frame's")
	near(
		feed.latest.effective_confidence("heart_rate"),
		1.0,
		1e-6,
		"where none came: a measurement is known"
	)
	equal(feed.latest.effective_confidence("valence"), 0.0, "unknown")
	feed.show(
		{"arousal": 0.5, "arousal_level": 0.5, "stress": 0.4}, {"arousal": 0.1, "stress": 0.6}
	)
	near(feed.latest.effective_confidence("arousal"), 0.1, 0.01, "its own")
	near(feed.latest.effective_confidence("arousal_level"), 0.1, 0.01, "its entry's")
	near(feed.latest.effective_confidence("stress"), 0.6, 0.01, "another's")


func test_levels_of_an_older_sidecar_are_made_of_the_entries() -> void:
	var feed := _feed()
	feed.show({"arousal": -0.5, "stress": 0.4, "confidence": 0.3})
	near(feed.latest.effective_value("arousal_level"), 0.25, 1e-6, "arousal in 0..1")
	near(feed.latest.effective_value("stress_level"), 0.4, 1e-6, "stress as it is")
	near(feed.latest.effective_confidence("stress_level"), 0.3, 1e-6, "of the level")
	check(is_nan(feed.latest.effective_value("focus_level")), "no focus, no level")
	check(not feed.latest.has("arousal_level"), "not known, though")


func test_body_alone_moves_bindings() -> void:
	var feed := _feed()
	var body := {"heart_rate": 110.0, "stress": 0.9, "stress_level": 0.95, "confidence": 0.004}
	for confidences: Dictionary in [{}, {"heart_rate": 0.7, "stress": 0.04}]:
		feed.show(body, confidences)
		for entry: String in ["heart_rate", "stress_level", "stress"]:
			var binding := _binding(feed, entry)
			if entry == "heart_rate":
				binding.points = PackedVector2Array([Vector2(60, 0), Vector2(110, 1)])
				binding.neutral = 60.0
			_run(binding, 8.0)
			var moved := binding.value > 0.85
			# Without ages and confidences, what is fused has only the frame's confidence.
			equal(moved, entry == "heart_rate" or not confidences.is_empty(), entry)
			equal(binding.status.begins_with("following"), moved, binding.status)


func test_a_binding_reports_why_it_waits() -> void:
	var binding := _binding(null, "arousal_level")
	check("no feed in reach" in binding.status, binding.status)
	check("no feed in reach" in binding._get_configuration_warnings()[0], "in the editor")
	var feed := _feed()
	binding.source = feed
	check("no state" in binding.status, binding.status)
	feed.show({"heart_rate": 70.0})
	check("arousal_level is unknown" in binding.status, binding.status)
	feed.show({"arousal_level": 0.7}, {"arousal_level": 0.1})
	binding.threshold = 0.5
	check("confidence 0.10, below 0.50" in binding.status, binding.status)
	binding.threshold = 0.05
	equal(binding.status, "following arousal_level", "status")
	binding.adapt = false
	equal(binding.status, "adaptation is off", "status")
	var simulator := SentioSimulator.new()
	simulator.unknown = ["arousal_level"]
	add(simulator)
	binding.source = simulator
	check("leave 'arousal_level' unknown" in binding._get_configuration_warnings()[0], "warning")


func test_a_binding_uses_levels_by_default() -> void:
	var feed := _feed()
	feed.show({"arousal_level": 0.8, "arousal": -0.9}, {"arousal_level": 0.2})
	var lamp := add(OmniLight3D.new()) as OmniLight3D
	var binding := SentioBinding.new()
	binding.source = feed
	binding.property = ^"light_energy"
	lamp.add_child(binding)
	binding.set_process(false)
	_run(binding, 8.0)
	near(lamp.light_energy, 0.8, 0.03, "the level")


func test_a_director_names_only_what_it_used() -> void:
	var feed := _feed()
	var director := SentioDirector.new()
	director.source = feed
	director.report_seconds = 0.0
	director.report_step = 0.01
	director.threshold = 0.2
	add(director)
	director.set_process(false)
	feed.show({"arousal_level": 0.52}, {"arousal_level": 0.1})
	_run(director, 1.0)
	for why in feed.reports:
		check(not "0.52" in why and "below 0.20" in why, why)
	feed.show({"arousal_level": 0.52}, {"arousal_level": 0.9})
	_run(director, 3.0)
	check("arousal_level 0.52 for 0.60" in feed.reports.back(), feed.reports.back())
	equal(director.status, "following arousal_level", "status")


func test_a_high_level_alone_is_no_distress() -> void:
	var feed := _feed()
	var director := SentioDirector.new()
	director.source = feed
	director.distress_seconds = 1.0
	director.peak_at = 2.0
	director.build_up = 40.0
	add(director)
	director.set_process(false)
	feed.show({"arousal_level": 0.95, "arousal": 0.2}, {"arousal_level": 0.5})
	_run(director, 5.0)
	var before := director.demand
	_run(director, 15.0)
	check(director.demand > before + 0.1, "it grows: %s, %s" % [before, director.demand])
	feed.show({"arousal_level": 0.95, "arousal": 0.9}, {"arousal_level": 0.5})
	_run(director, 2.0)
	before = director.demand
	_run(director, 15.0)
	check(director.demand <= before, "it does not: %s, %s" % [before, director.demand])


func test_nodes_take_the_next_feed_when_theirs_is_freed() -> void:
	for node: Node in [SentioBinding.new(), SentioDirector.new(), SentioBreathing.new()]:
		var root := add(Node3D.new())
		var feed := BuiltFeed.new()
		root.add_child(feed)
		root.add_child(node)
		node.set_process(false)
		feed.show({"arousal_level": 0.9, "heart_rate": 70.0}, {"arousal_level": 0.9})
		_run(node, 3.0)
		feed.free()
		_run(node, 8.0)
		check(not is_instance_valid(node.get("source")), "no feed")
		check("no feed" in str(node.get("status")), str(node.get("status")))
		if node is SentioBinding:
			near((node as SentioBinding).value, 0.5, 0.03, "eases to neutral")
		var next := BuiltFeed.new()
		root.add_child(next)
		_run(node, 1.0)
		equal(node.get("source"), next, "the next")


func test_a_breath_is_as_long_at_any_time_scale() -> void:
	for scale: float in [0.25, 1.0, 4.0]:
		Engine.time_scale = scale
		var breathing := SentioBreathing.new()
		breathing.start_rate = 15.0
		breathing.target_rate = 15.0
		add(breathing)
		breathing.set_process(false)
		for step in 480:
			breathing.advance(FRAME * scale)
		near(breathing.breaths + breathing.phase, 2.0, 0.01, "breaths in 8 s at %s" % scale)
	Engine.time_scale = 1.0


func test_a_safe_stop_acts_while_the_game_is_paused() -> void:
	var feed := _feed()
	feed.show({"arousal_level": 1.0}, {"arousal_level": 0.9})
	var rails := SentioRails.new()
	add(rails)
	rails.set_process(false)
	rails.stop_seconds = 1.0
	var binding := _binding(feed, "arousal_level")
	binding.rails = rails
	_run(binding, 8.0)
	check(binding.value > 0.9, "effective_value")
	Engine.time_scale = 0.0
	rails.safe_stop()
	for step in 2000:
		binding.advance(0.0)
	Engine.time_scale = 1.0
	near(binding.value, 0.5, 1e-3, "at its safe value")


func test_a_safe_stop_acts_on_a_frozen_director() -> void:
	var rails := SentioRails.new()
	add(rails)
	rails.set_process(false)
	var director := SentioDirector.new()
	director.rails = rails
	add(director)
	director.set_process(false)
	_run(director, 6.0)
	check(director.demand > 0.2, "asks for something")
	rails.freeze()
	rails.safe_stop()
	_run(director, 4.0)
	near(director.demand, 0.0, 1e-6, "stopped")


func test_ages_and_confidences_outlast_frames_without_them() -> void:
	var builder := SentioFrameBuilder.new("p", 1)
	var first := builder.build({"stress": 0.4}, "ok", 1.0, {"stress": 0.2}, {"stress": 0.6})
	var next := builder.build({"stress": 0.5}, "ok", 1.1)
	next.keep_evidence(first)
	near(next.confidence("stress"), 0.6, 0.01, "confidence")
	near(next.age("stress"), 0.3, 0.01, "age")
	var last := builder.build({"stress": 0.5}, "ok", 1.9)
	last.keep_evidence(next)
	near(last.age("stress"), 1.1, 0.01, "kept twice")
	var late := builder.build({"stress": 0.5}, "ok", 2.2)
	late.keep_evidence(last)
	check(not late.has_evidence(), "too old")


func test_a_client_that_moves_stays_connected() -> void:
	var here := add(Node.new())
	var there := add(Node.new())
	var client := SentioClient.new()
	here.add_child(client)
	check(client.is_running(), "runs")
	client.reparent(there)
	check(client.is_running(), "still runs")
	client.stop()
	client.reparent(here)
	check(not client.is_running(), "a stopped one stays stopped")


func test_a_launcher_that_moves_goes_on() -> void:
	var here := add(Node.new()) as Node
	var there := add(Node.new()) as Node
	var launcher := SentioLauncher.new()
	launcher.command = "no-such-program-anywhere"
	here.add_child(launcher)
	launcher.launch()
	equal(launcher.state, SentioLauncher.LaunchState.LOOKING, "looks")
	launcher.reparent(there)
	await tree.process_frame
	equal(launcher.state, SentioLauncher.LaunchState.LOOKING, "still looks")
	there.remove_child(launcher)
	await tree.process_frame
	equal(launcher.state, SentioLauncher.LaunchState.IDLE, "stops outside")
	launcher.free()


func _feed() -> BuiltFeed:
	var feed := BuiltFeed.new()
	add(feed)
	return feed


func _binding(feed: SentioFeed, entry: String) -> SentioBinding:
	var binding := SentioBinding.new()
	binding.source = feed
	binding.entry = entry
	binding.property = ^"light_energy"
	(add(OmniLight3D.new()) as Node).add_child(binding)
	binding.set_process(false)
	return binding


func _run(node: Node, seconds: float) -> void:
	for step in roundi(seconds / FRAME):
		node.call("advance", FRAME)
