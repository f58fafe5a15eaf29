extends SentioTestCase
## Adapting nodes: with affect, without it, switched off, limited, frozen and stopped.

const FRAME := 1.0 / 60.0


## A feed whose values the test sets.
class FakeFeed:
	extends SentioFeed
	var seconds_old := 0.0
	var reports: Array[String] = []

	func show(values: Dictionary) -> void:
		var builder := SentioFrameBuilder.new("p", 1)
		latest = builder.build(values, "ok", 1.0)

	func age() -> float:
		return seconds_old

	func _send_adaptation(adaptation: SentioAdaptation) -> bool:
		reports.append("%s: %s" % [adaptation.what, adaptation.why])
		return true


func test_a_binding_drives_any_property() -> void:
	var feed := _feed({"arousal": 0.5, "confidence": 0.8})
	var lamp := add(OmniLight3D.new()) as OmniLight3D
	for property: String in ["light_energy", "position:y", "light_color", "visible"]:
		var binding := _binding(feed, lamp, property)
		_run(binding, 6.0)
		near(binding.value, 0.75, 1e-3, property)
	near(lamp.light_energy, 0.75, 1e-3, "energy")
	near(lamp.position.y, 0.75, 1e-3, "height")
	near(lamp.light_color.g, 0.75, 1e-3, "colour")
	check(lamp.visible, "visible")


func test_a_binding_eases_to_neutral_when_unknown_or_off() -> void:
	var feed := _feed({"arousal": 1.0, "confidence": 0.8})
	var lamp := add(OmniLight3D.new()) as OmniLight3D
	var binding := _binding(feed, lamp, "light_energy")
	_run(binding, 6.0)
	near(lamp.light_energy, 1.0, 1e-3, "effective_value")
	feed.seconds_old = 2.0
	_run(binding, 8.0)
	near(lamp.light_energy, 0.5, 1e-3, "a state that is too old")
	feed.seconds_old = 0.0
	_run(binding, 8.0)
	feed.show({"arousal": 1.0, "confidence": 0.001})
	_run(binding, 8.0)
	near(lamp.light_energy, 0.5, 1e-3, "not trusted")
	feed.show({"arousal": 1.0, "confidence": 0.8})
	_run(binding, 8.0)
	binding.adapt = false
	_run(binding, 8.0)
	near(lamp.light_energy, 0.5, 1e-3, "switched off")


func test_a_binding_follows_a_drawn_curve_and_finds_its_feed() -> void:
	var root := add(Node3D.new()) as Node3D
	var feed := FakeFeed.new()
	feed.show({"arousal": 0.25, "confidence": 0.8})
	root.add_child(feed)
	var binding := SentioBinding.new()
	binding.property = ^"position:x"
	binding.entry = "arousal"
	binding.neutral = 0.0
	binding.dead_band = 0.0
	binding.curve = Curve.new()
	binding.curve.add_point(Vector2(0, 1))
	binding.curve.add_point(Vector2(1, 0))
	binding.set_process(false)
	root.add_child(binding)
	_run(binding, 8.0)
	equal(binding.source, feed, "the nearest feed")
	near(root.position.x, binding.curve.sample(0.25), 1e-3, "drawn")


func test_a_binding_reports_mistakes() -> void:
	var lamp := add(OmniLight3D.new()) as OmniLight3D
	var binding := _binding(_feed({}), lamp, "light_energy")
	equal(binding._get_configuration_warnings().size(), 0, "nothing")
	binding.property = ^"light_enrgy"
	check("no property 'light_enrgy'" in binding._get_configuration_warnings()[0], "typo")
	binding.entry = "joy"
	check("no entry 'joy'" in binding._get_configuration_warnings()[0], "entry")


func test_rails_limit_bindings_and_log_it() -> void:
	var feed := _feed({"arousal": 1.0, "confidence": 0.8})
	var lamp := add(OmniLight3D.new()) as OmniLight3D
	var rails := _rails()
	var binding := _binding(feed, lamp, "light_energy")
	binding.rails = rails
	binding.smoothing = 0.0
	binding.ease_seconds = 0.0
	var rails_emitted: Array[StringName] = []
	rails.limited.connect(
		func(_w: StringName, _r: float, _g: float, rail: StringName) -> void:
			rails_emitted.append(rail)
	)
	_run(binding, 0.5)
	check(lamp.light_energy <= 0.5 + 0.25 * 0.51, "slew: %s" % lamp.light_energy)
	check(&"slew" in rails_emitted, "emitted")
	var steps := rails_emitted.size()
	var counted := 0
	for entry in rails.audit:
		counted += entry["count"]
	equal(counted, steps, "every limited value is in the audit")
	rails.freeze()
	var held := lamp.light_energy
	_run(binding, 1.0)
	equal(lamp.light_energy, held, "frozen")
	rails.unfreeze()
	rails.safe_stop()
	_run(binding, 3.0)
	near(lamp.light_energy, 0.5, 1e-6, "safe")
	equal(rails.audit[-1]["rail"], &"safe_stop", "audit")


func test_a_strong_light_keeps_its_range_and_does_not_flash() -> void:
	var feed := _feed({"arousal": 1.0, "confidence": 0.8})
	var lamp := add(OmniLight3D.new()) as OmniLight3D
	var binding := _binding(feed, lamp, "light_energy")
	binding.points = [Vector2(-1, 0), Vector2(1, 8)]
	binding.rails = _rails()
	binding.rails.rise = 1000.0
	binding.rails.fall = 1000.0
	binding.is_light = true
	binding.smoothing = 0.0
	binding.ease_seconds = 0.0
	_run(binding, 1.0)
	near(lamp.light_energy, 8.0, 1e-6, "bright")
	var turns := 0
	for step in 120:
		@warning_ignore("integer_division")
		feed.show({"arousal": 1.0 if step / 3 % 2 else -1.0, "confidence": 0.8})
		var before := lamp.light_energy
		binding.advance(FRAME)
		turns += int(absf(lamp.light_energy - before) > 4.0)
	check(turns > 0 and turns <= 12, "%d changes in two seconds" % turns)


func test_rails_end_the_session() -> void:
	var rails := _rails()
	rails.session_minutes = 1.0
	var ends: Array[StringName] = []
	rails.stopped.connect(func(why: StringName) -> void: ends.append(why))
	for second in 120:
		rails.advance(1.0)
		rails.limit(&"x", 1.0, 1.0)
	equal(ends, [&"session_over"], "emitted once")
	near(rails.limit(&"x", 1.0, 1.0), 0.0, 1e-9, "safe")
	equal(rails.audit[-1]["rail"], &"session_over", "audit")
	rails.restart()
	check(rails.limit(&"x", 1.0, 0.1) > 0.0, "goes on when asked to")


func test_flashes_are_limited_in_fast_motion() -> void:
	var rails := _rails()
	var turns := 0
	var before := 0.0
	Engine.time_scale = 4.0
	for step in 120:
		@warning_ignore("integer_division")
		var given := rails.limit_light(&"lamp", float(step / 3 % 2), 4.0 * FRAME)
		turns += int(absf(given - before) > 0.5)
		before = given
	Engine.time_scale = 1.0
	check(turns <= 12, "%d changes in two seconds" % turns)


func test_rails_limit_flashes_by_default() -> void:
	var rails := _rails()
	var turns := 0
	var before := Color.BLACK
	for step in 120:
		@warning_ignore("integer_division")
		var wanted := Color.WHITE if step / 3 % 2 else Color.BLACK
		var given := rails.limit_colour(&"lamp", wanted, FRAME)
		turns += int(absf(given.r - before.r) > 0.5)
		before = given
	check(turns <= 12, "%d changes in two seconds" % turns)
	equal(rails.audit[-1]["rail"], &"flash", "audit")
	equal(rails._get_configuration_warnings().size(), 0, "no warning")
	var bright := rails.limit_colour(&"glow", Color(4.0, 4.0, 4.0), FRAME)
	check(bright.is_equal_approx(Color.WHITE), "parts end at 1")
	rails.photosensitivity = false
	equal(rails.limit_colour(&"lamp", Color.RED, FRAME), Color.RED, "off")
	equal(rails._get_configuration_warnings().size(), 1, "warns")


func test_rails_follow_the_feeds_freeze() -> void:
	var rails := _rails()
	rails.feed = _feed({})
	rails.feed.latest_detail = {"frozen": true}
	rails.advance(1.0)
	check(rails.frozen, "the feed is frozen")
	rails.unfreeze()
	check(rails.frozen, "and is not overruled")
	rails.feed.latest_detail = {"frozen": false}
	rails.advance(1.0)
	check(not rails.frozen, "goes on")


func test_a_director_paces_without_affect() -> void:
	var director := _director(null)
	var states: Array[int] = []
	director.pacing_changed.connect(func(state: int) -> void: states.append(state))
	director.set_performance(&"danger", 0.9)
	_run(director, 12.0)
	director.set_performance(&"danger", 0.1)
	_run(director, 40.0)
	equal(states.slice(0, 4), [1, 2, 3, 0], "peak, fade, relax, build-up")


func test_a_director_drives_arousal_and_reports_it() -> void:
	var feed := _feed({"arousal": -0.9, "confidence": 0.9})
	var director := _director(feed)
	director.authority = 0.25
	_run(director, 5.0)
	var low := director.demand
	feed.show({"arousal": 0.3, "confidence": 0.9})
	director.enter(SentioPacing.PacingState.BUILD_UP)
	_run(director, 5.0)
	check(
		low > director.demand + 0.1, "higher demand for the bored: %s, %s" % [low, director.demand]
	)
	check(feed.reports.size() >= 2 and "arousal" in feed.reports[0], str(feed.reports))
	director.manual_demand = 0.9
	_run(director, 1.0)
	near(director.demand, 0.9, 1e-9, "by hand")
	director.frozen = true
	director.manual_demand = 0.1
	_run(director, 1.0)
	near(director.demand, 0.9, 1e-9, "frozen")


func test_distress_stops_the_demand_from_increasing() -> void:
	var feed := _feed({"arousal": 0.95, "confidence": 0.9})
	var director := _director(feed)
	director.peak_at = 2.0
	director.build_up = 40.0
	_run(director, 16.0)
	var before := director.demand
	_run(director, 20.0)
	check(director.demand <= before, "grew from %s to %s" % [before, director.demand])
	feed.show({"arousal": 0.0, "confidence": 0.9})
	_run(director, 3.0)
	check(director.demand > before, "grows again: %s" % director.demand)


func test_a_director_that_is_off_ignores_affect() -> void:
	var feed := _feed({"arousal": 1.0, "confidence": 1.0})
	var director := _director(feed)
	director.adapt = false
	_run(director, 5.0)
	check(is_nan(director.intensity), "nothing is felt")
	equal(director.state, SentioPacing.PacingState.BUILD_UP, "time alone")
	check("off" in feed.reports[0], str(feed.reports))


func test_breathing_goes_from_the_persons_rate_to_six() -> void:
	var feed := _feed({"breathing_rate": 14.0, "confidence": 0.8})
	var breathing := SentioBreathing.new()
	breathing.source = feed
	breathing.set_process(false)
	add(breathing)
	breathing.advance(FRAME)
	near(breathing.rate, 14.0, 0.01, "begins at the person's rate")
	for step in 150 * 10:
		var turns := breathing.breaths + breathing.phase
		feed.show({"heart_rate": 65.0 + 6.0 * sin(TAU * turns), "confidence": 0.8})
		breathing.advance(0.1)
	near(breathing.rate, 6.0, 1e-9, "ends at six")
	check(breathing.breaths > 15, "breaths")
	check(breathing.coherence > 0.9, "the heart follows: %s" % breathing.coherence)
	feed.latest = null
	for step in 500:
		breathing.advance(0.1)
	check(is_nan(breathing.coherence), "unknown without a heart")


func test_an_expression_moves_the_shapes_that_are_there() -> void:
	var face := MeshInstance3D.new()
	var mesh := ArrayMesh.new()
	for name: String in ["jawOpen", "smile_L"]:
		mesh.add_blend_shape(name)
	var arrays := []
	arrays.resize(Mesh.ARRAY_MAX)
	arrays[Mesh.ARRAY_VERTEX] = PackedVector3Array([Vector3.ZERO, Vector3.UP, Vector3.RIGHT])
	var shape := []
	shape.resize(Mesh.ARRAY_MAX)
	shape[Mesh.ARRAY_VERTEX] = arrays[Mesh.ARRAY_VERTEX]
	mesh.add_surface_from_arrays(Mesh.PRIMITIVE_TRIANGLES, arrays, [shape, shape])
	face.mesh = mesh
	add(face)
	var expression := SentioExpression.new()
	expression.face = face
	expression.names = {&"mouthSmileLeft": &"smile_L"}
	expression.set_process(false)
	add(expression)
	expression.apply({"blendshapes": {"jawOpen": 0.5, "mouthSmileLeft": 1.0, "noseSneer": 1.0}})
	_run(expression, 3.0)
	near(face.get_blend_shape_value(0), 0.5, 1e-3, "jaw")
	near(face.get_blend_shape_value(1), 0.9, 1e-3, "smile, never beyond most")
	expression.adapt = false
	_run(expression, 5.0)
	near(face.get_blend_shape_value(0), 0.0, 1e-3, "relaxed")
	expression.apply({"blendshapes": "nonsense"})
	_run(expression, 0.1)


func _feed(values: Dictionary) -> FakeFeed:
	var feed := FakeFeed.new()
	feed.show(values)
	add(feed)
	return feed


func _binding(feed: SentioFeed, node: Node, property: String) -> SentioBinding:
	var binding := SentioBinding.new()
	binding.source = feed
	binding.property = NodePath(property)
	binding.entry = "arousal"
	binding.points = PackedVector2Array([Vector2(-1, 0), Vector2(1, 1)])
	binding.neutral = 0.0
	binding.dead_band = 0.0
	binding.set_process(false)
	node.add_child(binding)
	return binding


func _rails() -> SentioRails:
	var rails := SentioRails.new()
	add(rails)
	rails.set_process(false)
	return rails


func _director(feed: SentioFeed) -> SentioDirector:
	var director := SentioDirector.new()
	director.target_entry = "arousal"
	director.source = feed
	add(director)
	director.set_process(false)
	return director


func _run(node: Node, seconds: float) -> void:
	for step in roundi(seconds / FRAME):
		node.call("advance", FRAME)
