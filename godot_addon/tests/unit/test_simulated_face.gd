extends SentioTestCase
## The face of the simulated person: action units for avatars, without a camera.

const STEP := 1.0 / 30.0


func test_every_movement_is_sent_within_its_range() -> void:
	for scenario in SentioScenario.names():
		var simulator := _simulator(scenario)
		simulator.noise = 1.0
		for step in 600:
			simulator.advance(STEP)
			if step % 7:
				continue
			var known := SentioFace.action_units(simulator.latest_detail)
			if not equal(known.size(), SentioFace.ActionUnit.size(), "movements in " + scenario):
				return
			for unit: SentioFace.ActionUnit in known:
				var strength: float = known[unit]
				check(strength >= 0.0 and strength <= 1.0, "AU%d in %s" % [unit, scenario])


func test_movements_match_the_scenario() -> void:
	var joy := _after("joy", 20.0)
	var stress := _after("stress", 28.0)
	var smile := SentioFace.ActionUnit.LIP_CORNER_PULLER
	var brow := SentioFace.ActionUnit.BROW_LOWERER
	var corner := SentioFace.ActionUnit.LIP_CORNER_DEPRESSOR
	check(SentioFace.action_unit(joy.latest_detail, smile) > 0.5, "joy smiles")
	near(SentioFace.action_unit(joy.latest_detail, brow), 0.0, 1e-6, "joy lowers no brows")
	near(
		SentioFace.action_unit(joy.latest_detail, smile),
		joy.latest_detail["values"]["smile"],
		1e-4,
		"AU12 and the entry smile"
	)
	check(SentioFace.action_unit(stress.latest_detail, brow) > 0.2, "stress lowers the brows")
	check(SentioFace.action_unit(stress.latest_detail, corner) > 0.15, "and the lip corners")
	near(SentioFace.action_unit(stress.latest_detail, smile), 0.0, 1e-6, "stress does not smile")


func test_the_person_blinks_and_moves_the_jaw() -> void:
	var simulator := _simulator("rest")
	var lids := []
	var jaws := []
	simulator.detail.connect(
		func(_who: String, sent: Dictionary) -> void:
			lids.append(SentioFace.action_unit(sent, SentioFace.ActionUnit.BLINK))
			jaws.append(SentioFace.action_unit(sent, SentioFace.ActionUnit.JAW_DROP))
	)
	for step in 1800:
		simulator.advance(STEP)
	var closed := lids.filter(func(lid: float) -> bool: return lid > 0.5).size()
	check(closed >= 4 and closed < 0.2 * lids.size(), "closed in %d of %d" % [closed, lids.size()])
	check(jaws.max() - jaws.min() > 0.1, "the jaw moves while the person speaks")


func test_no_face_no_movements() -> void:
	var simulator := _simulator("joy")
	simulator.face_quality = 0.0
	_play(simulator, 0.5)
	check(SentioFace.action_units(simulator.latest_detail).is_empty(), "no camera")
	simulator.face_quality = 0.9
	for state: String in ["no_subject", "withdrawn"]:
		simulator.state = state
		_play(simulator, 0.5)
		check(SentioFace.action_units(simulator.latest_detail).is_empty(), state)
	simulator.state = "ok"
	_play(simulator, 0.5)
	check(not SentioFace.action_units(simulator.latest_detail).is_empty(), "in view again")


func test_a_player_who_looks_away_shows_no_movements() -> void:
	var simulator := _simulator("rest")
	simulator.realism = "real"
	var away := [0, 0]
	simulator.detail.connect(
		func(_who: String, sent: Dictionary) -> void:
			var gap: bool = sent["modalities"]["face"]["state"] == "gap"
			away[0] += int(gap)
			away[1] += int(gap == SentioFace.action_units(sent).is_empty())
			away.append(sent["seq"])
	)
	for step in 3600:
		simulator.advance(STEP)
	check(away[0] > 0, "the player looks away sometimes")
	equal(away[1], away.size() - 2, "movements are sent exactly while the face is seen")


func _after(scenario: String, seconds: float) -> SentioSimulator:
	var simulator := _simulator(scenario)
	simulator.noise = 0.0
	_play(simulator, seconds)
	return simulator


func _play(simulator: SentioSimulator, seconds: float) -> void:
	for step in int(seconds / STEP):
		simulator.advance(STEP)


func _simulator(scenario: String) -> SentioSimulator:
	var simulator := SentioSimulator.new()
	simulator.scenario = scenario
	simulator.realism = "ideal"
	simulator.rate_hz = 10.0  # a frame costs far more than a step of the person
	add(simulator)
	simulator.set_process(false)
	return simulator
