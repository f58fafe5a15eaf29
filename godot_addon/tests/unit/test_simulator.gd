extends SentioTestCase
## The simulated person: within the protocol's ranges, reproducible, and driven by scenarios,
## markers and states.

const STEP := 1.0 / 30.0
## Frames a second where minutes are played.
const FEW_HZ := 10.0
## Steps until the next look at every value; not a divisor of the steps between markers.
const CHECKED := 3


func test_every_scenario_stays_within_the_protocols_ranges() -> void:
	for scenario in SentioScenario.names():
		var simulator := _simulator(scenario, FEW_HZ)
		simulator.noise = 1.0
		for step in 600:
			_play(simulator, 0.1)
			if step % 67 == 0:
				simulator.mark(&"boss_spawned")
			if step % CHECKED == 0:
				_in_range(simulator.latest, scenario)


func test_the_same_seed_gives_the_same_person() -> void:
	var one := _simulator("stress")
	var other := _simulator("stress")
	for step in 300:
		one.advance(STEP)
		other.advance(STEP)
		if not equal(one.latest.value("arousal"), other.latest.value("arousal"), "arousal"):
			return


func test_scenarios_match_their_names() -> void:
	var rest := _after("rest", 35.0)
	var stress := _after("stress", 28.0)
	var joy := _after("joy", 20.0)
	check(stress.value("arousal") > rest.value("arousal") + 0.5, "stress arouses")
	check(stress.value("heart_rate") > rest.value("heart_rate") + 20.0, "stress quickens the heart")
	check(joy.value("valence") > 0.4, "joy is pleasant")
	check(joy.value("p_happiness") > joy.value("p_sadness"), "joy shows as happiness")
	check(_after("recovery", 100.0).value("breathing_rate") < 7.0, "recovery breathes slowly")


func test_markers_have_an_effect_that_fades() -> void:
	var simulator := _simulator("rest")
	simulator.noise = 0.0
	_play(simulator, 10.0)
	var before := simulator.latest.value("arousal")
	check(simulator.mark(&"boss_spawned"), "a marker is taken")
	_play(simulator, 0.1)
	check(simulator.latest.value("arousal") > before + 0.4, "it startles")
	_play(simulator, 30.0)
	near(simulator.latest.value("arousal"), before, 0.1, "arousal after half a minute")


func test_markers_and_adaptations_come_back_as_events() -> void:
	var simulator := _simulator("rest")
	var received: Array[Dictionary] = []
	simulator.event.connect(func(_who: String, raised: Dictionary) -> void: received.append(raised))
	simulator.mark(&"door", {"n": 1})
	simulator.report_adaptation(&"spawn_rate", 0.5, "calm")
	equal(received.size(), 2, "events")
	equal(received[0]["kind"], "marker", "the first")
	equal(received[1]["kind"], "adaptation", "the second")
	equal(received[1]["id"] - received[0]["id"], 1, "ids count up")


func test_unknown_is_never_a_calm_player() -> void:
	var simulator := _simulator("rest")
	for state: String in ["no_subject", "withdrawn"]:
		simulator.state = state
		_play(simulator, 0.5)
		equal(simulator.latest.state, state, "state")
		for name in SentioAffectFrame.names:
			check(not simulator.latest.has(name), "%s while %s" % [name, state])
	simulator.state = "ok"
	simulator.unknown = ["heart_rate"]
	_play(simulator, 0.5)
	check(not simulator.latest.has("heart_rate"), "a value set to unknown is unknown")
	check(simulator.latest.has("arousal"), "the rest is known")


func test_poor_sensors_lower_confidence() -> void:
	var simulator := _simulator("rest")
	_play(simulator, 1.0)
	var sure := simulator.latest.value("arousal_sd")
	simulator.face_quality = 0.1
	simulator.body_quality = 0.0
	simulator.voice_quality = 0.0
	_play(simulator, 1.0)
	check(simulator.latest.value("arousal_sd") > 1.5 * sure, "deviation grows")
	check(not simulator.latest.has("heart_rate"), "no body sensor, no heart rate")
	equal(simulator.latest_detail["modalities"]["body"]["state"], "absent", "state")


func test_built_frames_carry_ages_and_confidences() -> void:
	var builder := SentioFrameBuilder.new("player", 1)
	var bare := builder.build({"valence": 0.5}, "ok", 1.0)
	check(not bare.has_evidence() and is_nan(bare.age("valence")), "none unless given")
	var values := {"valence": 0.5, "stress": 0.25, "self_age": 3.0}
	var ages := {"valence": 1.256, "stress": 1e6, "arousal": 1.0, "self_age": NAN}
	var frame := builder.build(values, "ok", 1.0, ages, {"valence": 0.5, "self_age": 2.0})
	near(frame.age("valence"), 1.26, 1e-6, "age in steps")
	near(frame.confidence("valence"), 0.5, 1e-6, "confidence in steps")
	near(frame.age("stress"), 655.34, 1e-6, "the longest age")
	check(is_nan(frame.confidence("stress")), "confidence that was not given")
	check(is_nan(frame.age("arousal")), "age of an entry that is not known")
	check(is_nan(frame.age("self_age")), "age is NaN")
	equal(frame.confidence("self_age"), 1.0, "confidence within its range")
	check(is_nan(frame.age("nothing")), "age of no entry")


func test_sensors_are_like_real_ones_unless_ideal() -> void:
	var simulator := _simulator("stress", FEW_HZ)
	simulator.realism = "real"
	var trusts: Array[float] = []
	var faces := 0
	var frames := 0
	var received: Array[Dictionary] = []
	simulator.event.connect(func(_who: String, raised: Dictionary) -> void: received.append(raised))
	for step in 1200:
		_play(simulator, 0.1)
		var now := simulator.latest
		frames += 1
		_in_range(now, "real stress")
		trusts.append(now.effective_confidence("arousal_level"))
		faces += int(now.value("face_quality", 0.0) > 0.85)
		check(now.value("heart_rate", 60.0) > 40.0, "heart rate")
	trusts.sort()
	var median := trusts[trusts.size() >> 1]
	check(median > 0.2 and median < 0.8, "confidence of arousal: %s" % median)
	check(faces > 0.7 * frames and faces < frames, "the player looks away sometimes: %s" % faces)
	var kinds := received.map(func(it: Dictionary) -> String: return it["kind"])
	check("change" in kinds, "changes are reported")


func test_levels_use_their_whole_range() -> void:
	var low := 1.0
	var high := 0.0
	for scenario: String in ["stress", "boredom"]:
		var simulator := _simulator(scenario, FEW_HZ)
		simulator.realism = "real"
		for step in 600:
			_play(simulator, 0.1)
			low = minf(low, simulator.latest.value("arousal_level", 1.0))
			high = maxf(high, simulator.latest.value("arousal_level", 0.0))
	check(low < 0.15 and high > 0.85, "arousal_level from %s to %s" % [low, high])


func test_body_alone_is_known_by_less() -> void:
	var simulator := _simulator("stress")
	simulator.realism = "real"
	simulator.face_quality = 0.0
	simulator.voice_quality = 0.0
	_play(simulator, 3.0)
	var frame := simulator.latest
	check(not frame.has("valence_level"), "no valence without a face or a voice")
	for entry: String in ["arousal_level", "stress_level"]:
		var trust := frame.effective_confidence(entry)
		check(trust >= SentioEntryConfidence.LEAST and trust < 0.5, "%s: %s" % [entry, trust])
	check(frame.effective_confidence("heart_rate") > 0.5, "the heart is measured")


func test_markers_are_answered_twice() -> void:
	var simulator := _simulator("rest")
	var received: Array[SentioResponse] = []
	simulator.response.connect(
		func(_who: String, answer: SentioResponse) -> void: received.append(answer)
	)
	_play(simulator, 1.0)
	simulator.mark(&"boss_spawned")
	_play(simulator, 2.0)
	equal(received.size(), 1, "within two seconds")
	equal(received[0].phase, SentioResponse.ResponsePhase.FIRST, "first")
	_play(simulator, 8.0)
	equal(received.size(), 2, "at nine seconds")
	equal(received[1].phase, SentioResponse.ResponsePhase.REFINED, "refined")
	equal(received[1].marker, "boss_spawned", "marker")
	check(received[1].detected and received[1].pattern == "startle", "a startle")
	check(received[1].effect("arousal") > 1.0, "arousal rose")
	check(is_nan(received[1].effect("nothing")), "no such signal")


func test_a_strong_marker_startles_within_two_seconds() -> void:
	var simulator := _simulator("rest")
	var shown: Array[SentioExpressionEvent] = []
	simulator.expression.connect(
		func(_who: String, one: SentioExpressionEvent) -> void: shown.append(one)
	)
	_play(simulator, 1.0)
	simulator.mark(&"boss_spawned")
	_play(simulator, 2.0)
	equal(shown.size(), 1, "one startle")
	equal(shown[0].expression, "startle", "name")
	check(shown[0].probability > 0.5 and shown[0].strength > 0.3, "probability and strength")
	check(shown[0].since > 0.0 and shown[0].since < 2.0, "since: %.2f" % shown[0].since)
	check("face" in shown[0].sources, "sources")


func test_changes_are_reported_once() -> void:
	var simulator := _simulator("stress", FEW_HZ)
	simulator.noise = 0.0
	var received: Array[SentioChange] = []
	simulator.change.connect(func(_who: String, made: SentioChange) -> void: received.append(made))
	_play(simulator, 30.0)
	var ups := received.filter(
		func(made: SentioChange) -> bool: return made.dimension == "arousal" and made.up
	)
	check(ups.size() >= 1 and ups.size() <= 3, "arousal rose: %s" % ups.size())
	for made in received:
		check(made.since > 0.0 and made.probability > 0.5, "since and probability")
	var calm := _simulator("sliders", FEW_HZ)
	received.clear()
	calm.change.connect(func(_who: String, made: SentioChange) -> void: received.append(made))
	_play(calm, 300.0)
	check(received.size() <= 1, "at rest: %s" % received.size())


func _simulator(scenario: String, rate_hz := 30.0) -> SentioSimulator:
	var simulator := SentioSimulator.new()
	simulator.rate_hz = rate_hz
	simulator.scenario = scenario
	simulator.realism = "ideal"
	add(simulator)
	simulator.set_process(false)
	return simulator


func _play(simulator: SentioSimulator, seconds: float) -> void:
	for step in int(seconds * simulator.rate_hz):
		simulator.advance(1.0 / simulator.rate_hz)


func _after(scenario: String, seconds: float) -> SentioAffectFrame:
	var simulator := _simulator(scenario, FEW_HZ)
	_play(simulator, seconds)
	return simulator.latest


func _in_range(frame: SentioAffectFrame, scenario: String) -> void:
	var sum := 0.0
	for name in SentioAffectFrame.names:
		var value := frame.value(name, 0.0)
		if not is_finite(value):
			check(false, "%s of %s is not finite" % [name, scenario])
		if name.begins_with("p_"):
			sum += value
	if frame.has("p_neutral"):
		near(sum, 1.0, 1e-4, "sum of the emotions in " + scenario)
	for name: String in ["valence", "arousal", "dominance"]:
		if not frame.has(name):
			continue
		check(absf(frame.value(name)) <= 1.0, "%s of %s" % [name, scenario])
		check(frame.value(name + "_sd") > 0.0, "deviation of %s in %s" % [name, scenario])
	for name: String in ["stress", "engagement", "relaxation", "focus", "flow", "anxiety"]:
		check(
			not frame.has(name) or frame.value(name) >= 0.0 and frame.value(name) <= 1.0,
			"%s of %s" % [name, scenario]
		)
