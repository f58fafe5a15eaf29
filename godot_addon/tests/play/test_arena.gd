extends SentioTestCase
## Emberfield as a game: it can be won and lost, is paced, and adapts to the player.

## Shorter watches, to save time.
const NIGHT := 135.0

var _demands := PackedFloat64Array()
var _foes := PackedFloat64Array()
var _tempi := PackedFloat64Array()
var _skies := PackedFloat64Array()
var _states: Dictionary[String, int] = {}


func test_the_director_paces_foes_light_and_music() -> void:
	var game := SentioStagePlay.new(self, "arena", "joy")
	var hero: ArenaHero = game.node("Hero")
	await game.play(
		110.0,
		func() -> void:
			hero.health = ArenaHero.MOST_HEALTH
			_sample(game)
	)
	equal(_states.size(), 4, "all states of the pacing: %s" % _states)
	check(_range_of(_demands) > 0.7, "the demand swings: %.2f" % _range_of(_demands))
	check(_crowd_of(true) > 2.0 * _crowd_of(false), "crowds come with the demand")
	check(_range_of(_tempi) > 0.5, "the music follows: %.2f" % _range_of(_tempi))
	check(_range_of(_skies) > 0.02, "the sky follows: %.3f" % _range_of(_skies))
	check(game.stage._points > 500, "points: %d" % game.stage._points)


func test_the_night_is_won_after_three_peaks() -> void:
	var game := SentioStagePlay.new(self, "arena", "joy")
	var hero: ArenaHero = game.node("Hero")
	var pacing: ArenaPacing = game.node("Pacing")
	pacing.director.build_up = 12.0
	pacing.director.relax_most = 6.0
	var raised: Array[String] = []
	game.session.feed.event.connect(
		func(_who: String, body: Dictionary) -> void: raised.append(str(body.get("name", "")))
	)
	await game.play(
		NIGHT, func() -> void: hero.health = maxi(hero.health, 1 if game.stage._over else 5)
	)
	var gauges: ArenaGauges = game.node("Gauges")
	equal(gauges.headline, "Day breaks", "won")
	equal(gauges.watches, ArenaNight.WATCHES, "watches")
	check("round_won" in raised and raised.count("watch_kept") == 3, "markers were sent")
	equal((game.node("Horde") as ArenaHorde).foes().size(), 0, "the shades are gone")
	check(gauges.best > 0 and gauges.best == gauges.points, "the best is kept")
	game.stage._begin()
	await game.play(1.0)
	equal(gauges.watches, 0, "a new night")
	check(gauges.dim == 0.0 and gauges.points < gauges.best, "begins again")


func test_the_warden_holds_back_the_dawn_until_it_falls_or_its_time_is_over() -> void:
	for falls: bool in [true, false]:
		var night := ArenaNight.new()
		for watch in ArenaNight.WATCHES - 1:
			night.outlive()
		night.guard()
		night.outlive()
		night.play(ArenaNight.WARDEN_SECONDS - 1.0)
		check(not night.is_over(), "it stands")
		if falls:
			night.unguard()
		else:
			night.play(1.5)
		check(night.is_over(), "the dawn that waited comes")
	var early := ArenaNight.new()
	early.guard()
	early.unguard()
	equal(early.kept, 0, "a warden that falls before the peak is over keeps no watch")


func test_a_night_has_an_arc_of_three_minutes_without_dead_time() -> void:
	var calm := await _night_of(-0.8)
	var tense := await _night_of(0.8)
	for night: PackedFloat64Array in [calm, tense]:
		near(night[0], 165.0, 25.0, "length of the night, seconds")
		check(night[1] < 12.0, "longest time without a shade: %.1f s" % night[1])
		check(
			night[2] > 1.2 * night[3], "the last watch has more: %.1f, %.1f" % [night[2], night[3]]
		)
	check(calm[4] > 1.4 * tense[4], "a calm player gets more: %.0f, %.0f" % [calm[4], tense[4]])


func test_an_idle_player_loses() -> void:
	var game := SentioStagePlay.new(self, "arena", "rest")
	game.stage._pilot = IdlePilot.new()
	await game.play(60.0)
	equal((game.node("Gauges") as ArenaGauges).headline, "The ember fades", "lost")
	check(not game.stage._night.is_over(), "no dawn")


func test_a_tense_person_gets_fewer_foes_than_a_bored_one() -> void:
	var tense := await _mean_demand(0.8, true)
	var bored := await _mean_demand(-0.8, true)
	check(bored > tense + 0.1, "demand %.2f bored, %.2f tense" % [bored, tense])


func test_with_adaptation_off_the_person_makes_no_difference() -> void:
	var tense := await _mean_demand(0.8, false)
	var skies := _skies.duplicate()
	var bored := await _mean_demand(-0.8, false)
	equal(bored, tense, "the same demand")
	equal(_skies, skies, "the same light")
	check(tense > 0.2, "and still a game: %.2f" % tense)


# One night of a person: its length, the longest time without a shade, the mean numbers of shades in
# the last and the first 45 seconds, and the points.
func _night_of(arousal: float) -> PackedFloat64Array:
	var game := SentioStagePlay.new(self, "arena", "sliders")
	var person: SentioSimulator = game.session.feed
	person.arousal = arousal
	person.reactions = {}
	_foes.clear()
	var hero: ArenaHero = game.node("Hero")
	await game.play(
		200.0,
		func() -> void:
			hero.health = maxi(hero.health, 2)
			if not game.stage._over:
				_foes.append((game.node("Horde") as ArenaHorde).foes().size())
	)
	var empty := 0
	var longest := 0
	for count in _foes:
		empty = empty + 1 if count == 0.0 else 0
		longest = maxi(longest, empty)
	check(game.stage._night.is_over(), "won")
	var points: float = game.stage._points
	tear_down()
	var last := _mean(_foes.slice(-90))
	return [0.5 * _foes.size(), 0.5 * longest, last, _mean(_foes.slice(0, 90)), points]


func _mean(values: PackedFloat64Array) -> float:
	var sum := 0.0
	for value in values:
		sum += value
	return sum / maxf(values.size(), 1.0)


func _mean_demand(arousal: float, adaptation: bool) -> float:
	var game := SentioStagePlay.new(self, "arena", "sliders", adaptation)
	var person: SentioSimulator = game.session.feed
	person.arousal = arousal
	person.reactions = {}
	_demands.clear()
	_skies.clear()
	await game.play(40.0, _sample.bind(game))
	var sum := 0.0
	for demand in _demands:
		sum += demand
	tear_down()
	return sum / _demands.size()


func _sample(game: SentioStagePlay) -> void:
	var pacing: ArenaPacing = game.node("Pacing")
	var light: ArenaLight = game.node("Light")
	_demands.append(pacing.director.demand)
	_foes.append((game.node("Horde") as ArenaHorde).foes().size())
	_tempi.append((game.node("Music") as DemoMusic).intensity)
	_skies.append(light._sky.background_color.r)
	var state := SentioDirector.STATE_NAMES[pacing.director.state]
	_states[state] = _states.get(state, 0) + 1


func _range_of(values: PackedFloat64Array) -> float:
	var sorted := values.duplicate()
	sorted.sort()
	return sorted[-1] - sorted[0]


# Mean number of foes two seconds after high or low demand; a tense player's is at most 1 less the
# director's authority.
func _crowd_of(much: bool) -> float:
	var sum := 0.0
	var count := 0
	for index in _demands.size() - 4:
		if (_demands[index] > 0.65) if much else (_demands[index] < 0.15):
			sum += _foes[index + 4]
			count += 1
	return sum / maxf(count, 1.0)


class IdlePilot:
	extends ArenaPilot

	func read(_hero: ArenaHero, _horde: ArenaHorde, _camera: Camera3D) -> void:
		pass
