extends SentioTestCase
## The adaptation is felt: each demo differs from the one with adaptation off, and follows the
## simulated person, with the confidence of real sensors.

## Seconds of one play, and of one swing of the person's arousal.
const SECONDS := 150.0
const SWING := 75.0
## Smallest difference that counts, in how many frames, and the smallest correlation.
const DIFFERENCE := 0.05
const SHARE := 0.5
const FOLLOWS := 0.5

var _felt := PackedFloat64Array()
var _given := PackedFloat64Array()
var _usual := PackedFloat64Array()


func test_emberfields_demand_follows_the_person() -> void:
	var game := _play("arena")
	var hero: ArenaHero = game.node("Hero")
	var pacing: ArenaPacing = game.node("Pacing")
	# The same director without affect, beside it: same performance, same rails.
	var off := _twin(pacing.director)
	await _run(
		game,
		func() -> void:
			hero.health = ArenaHero.MOST_HEALTH
			_given.append(pacing.director.demand),
		func() -> void:
			off.set_performance(&"crowd", pacing.director.performance())
			if off.state != pacing.director.state:
				off.enter(pacing.director.state)
			off.advance(SentioStagePlay.STEP),
		func() -> float: return off.demand
	)
	_check("demand", -1.0)


func test_the_ledge_follows_the_person() -> void:
	var game := _play("ledge")
	var exposure: SentioExposure = game.node("Exposure")
	exposure.least_seconds = 5.0
	exposure.calm_seconds = 3.0
	exposure.tense_seconds = 3.0
	exposure.speed = 1.0
	await _run(
		game,
		func() -> void: _given.append(game.stage.demand()),
		Callable(),
		func() -> float: return 0.0
	)
	check(_share() >= SHARE, "differs from off in %.2f of the frames" % _share())
	var names := exposure.moves.map(func(one: Dictionary) -> String: return one["by"])
	check(SentioExposure.PROGRAMME in names, "the programme moved it")


func test_the_corridor_lets_a_startled_player_breathe() -> void:
	var jumpy := await _strength({&"enemy_appeared": Vector3(-0.4, 0.8, 0.6)}, true)
	var bold := await _strength({&"enemy_appeared": Vector3.ZERO}, true)
	var usual := await _strength({&"enemy_appeared": Vector3.ZERO}, false)
	check(bold > usual + 0.2, "not startled: %.2f, usual %.2f" % [bold, usual])
	check(jumpy < usual - 0.2, "startled: %.2f, usual %.2f" % [jumpy, usual])
	near(usual, CorridorDread.USUAL_STRENGTH, 1e-6, "off is the same for all")


func test_the_results_page_has_a_sentence_and_no_number() -> void:
	var game := _play("corridor")
	await game.play(30.0)
	game.stage._end()
	await game.play(0.2)
	var page: DemoResults = game.stage._results
	check(page.visible and page._course.times.size() > 40, "a course")
	check(page._course.events.size() >= 1, "its events")
	var number := RegEx.create_from_string("\\d")
	check(number.search(page.verdict()) == null, page.verdict())
	var why := game.stage.find_child("Why", true, false) as SentioWhy
	check(why != null and why.on, "the line is on")


# Mean strength of the scares of the last minute.
func _strength(reactions: Dictionary[StringName, Vector3], adaptation: bool) -> float:
	var game := SentioStagePlay.new(self, "corridor", "sliders", adaptation)
	var person: SentioSimulator = game.session.feed
	person.reactions = reactions
	await game.play(110.0)
	var found: float = game.stage.demand()
	tear_down()
	return found


func _play(stage: String) -> SentioStagePlay:
	var game := SentioStagePlay.new(self, stage, "sliders")
	(game.session.feed as SentioSimulator).reactions = {}
	return game


func _twin(director: SentioDirector) -> SentioDirector:
	var off := director.duplicate() as SentioDirector
	off.set_process(false)
	off.rails = null
	off.adapt = false
	add(off)
	return off


func _run(game: SentioStagePlay, sample: Callable, each: Callable, usual: Callable) -> void:
	var person: SentioSimulator = game.session.feed
	for step in int(SECONDS / SentioStagePlay.STEP):
		person.arousal = 0.9 * sin(TAU * step * SentioStagePlay.STEP / SWING)
		person.stress = 0.5 + 0.45 * sin(TAU * step * SentioStagePlay.STEP / SWING)
		await game.play(SentioStagePlay.STEP)
		if each.is_valid():
			each.call()
		sample.call()
		_felt.append(person.arousal)
		_usual.append(usual.call())


func _check(what: String, sign_of: float) -> void:
	check(_share() >= SHARE, "%s differs from off in %.2f of the frames" % [what, _share()])
	var led := PackedFloat64Array()
	for index in _given.size():
		led.append(_given[index] - _usual[index])
	var r := sign_of * DemoCourse.correlation(led, _felt)
	check(r > FOLLOWS, "%s follows the person: r = %.2f" % [what, r])


func _share() -> float:
	var count := 0
	for index in _given.size():
		count += int(absf(_given[index] - _usual[index]) >= DIFFERENCE)
	return float(count) / maxf(_given.size(), 1.0)
