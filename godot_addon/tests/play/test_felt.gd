extends SentioTestCase
## The adaptation is felt: each demo differs from the one with adaptation off, and follows the
## simulated person, with the confidence of real sensors.

## Seconds of one play, and of one swing of the person's arousal.
const SECONDS := 150.0
const SWING := 75.0


func test_emberfield_follows_the_person() -> void:
	await _follow("arena", -1.0)


func test_the_ledge_follows_the_person() -> void:
	var both := await _follow("ledge", -1.0)
	var exposure: SentioExposure = both.adapting().node("Exposure")
	var names := exposure.moves.map(func(one: Dictionary) -> String: return one["by"])
	check(SentioExposure.PROGRAMME in names, "the programme moved it")


func test_the_corridor_follows_the_person() -> void:
	await _follow("corridor", -1.0)


func test_the_companion_follows_the_person() -> void:
	await _follow("character", 1.0)


func test_the_corridor_lets_a_startled_player_breathe() -> void:
	var jumpy := await _strength({&"enemy_appeared": Vector3(-0.4, 0.8, 0.6)}, true)
	var bold := await _strength({&"enemy_appeared": Vector3.ZERO}, true)
	var usual := await _strength({&"enemy_appeared": Vector3.ZERO}, false)
	check(bold > usual + 0.2, "not startled: %.2f, usual %.2f" % [bold, usual])
	check(jumpy < usual - 0.2, "startled: %.2f, usual %.2f" % [jumpy, usual])
	near(usual, CorridorDread.USUAL_STRENGTH, 1e-6, "off is the same for all")


func test_the_results_page_has_a_sentence_and_no_number() -> void:
	var game := SentioStagePlay.new(self, "corridor", "sliders")
	await game.play(30.0)
	var why := game.stage.find_child("Why", true, false) as SentioWhy
	check(why != null and why.show_line, "the line is on while it plays")
	game.stage._end()
	await game.play(0.2)
	var page: DemoResults = game.stage._results
	check(page.visible and page._course.times.size() > 40, "a course")
	check(page._course.events.size() >= 1, "its events")
	var number := RegEx.create_from_string("\\d")
	check(number.search(page.verdict()) == null, page.verdict())
	check(not why.show_line, "no line over the page")


# Mean strength of the scares of the last minute.
func _strength(reactions: Dictionary[StringName, Vector3], adaptation: bool) -> float:
	var game := SentioStagePlay.new(self, "corridor", "sliders", adaptation)
	var person: SentioSimulator = game.session.feed
	person.reactions = reactions
	await game.play(110.0)
	var found: float = game.stage.demand()
	tear_down()
	return found


func _follow(stage: String, sign_of: float) -> SentioFeltPlay:
	var both := SentioFeltPlay.new(self, stage)
	for step in int(SECONDS / SentioStagePlay.STEP):
		var swing := sin(TAU * step * SentioStagePlay.STEP / SWING)
		for person in both.people():
			person.arousal = 0.9 * swing
			person.valence = -0.3 * swing
			person.stress = 0.5 + 0.45 * swing
		await both.step(0.9 * swing)
	both.check(self, stage + " from the simulator", sign_of)
	return both
