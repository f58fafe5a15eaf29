extends SentioTestCase
## Graded exposure: who moves it, what always works, and what the log states.

const FRAME := 1.0 / 20.0


class CalmFeed:
	extends SentioFeed
	var builder := SentioFrameBuilder.new("p", 1)
	var reported: Array[SentioAdaptation] = []
	var marks: Array[Dictionary] = []

	func show(stress: float) -> void:
		latest = builder.build({"stress_level": stress, "confidence": 0.9}, "ok", 1.0)

	func age() -> float:
		return 0.0

	func mark(_name: StringName, data: Dictionary = {}) -> bool:
		marks.append(data)
		return true

	func _send_adaptation(adaptation: SentioAdaptation) -> bool:
		reported.append(adaptation)
		return true


func test_a_calm_player_goes_further_and_a_tense_one_back() -> void:
	var feed := _feed(0.2)
	var exposure := _exposure(feed)
	_run(exposure, 21.0)
	equal(exposure.step, 1, "after calm and the shortest time")
	equal(exposure.moves[-1]["by"], SentioExposure.PROGRAMME, "by the programme")
	feed.show(0.95)
	_run(exposure, 7.0)
	equal(exposure.step, 0, "back when tense")
	check("above" in str(exposure.moves[-1]["why"]), str(exposure.moves[-1]))
	equal(feed.marks.size(), exposure.moves.size(), "every move is a marker")
	equal(feed.reported[0].by, "", "the programme is not an author")


func test_a_short_dip_does_not_take_back_all_of_the_tension() -> void:
	var feed := _feed(0.95)
	var exposure := _exposure(feed)
	exposure.step_forward("therapist")
	# The estimate is above the limit for three quarters of the time, as a real one is.
	for part in 6:
		feed.show(0.95)
		_run(exposure, 3.0)
		feed.show(0.8)
		_run(exposure, 1.0)
	equal(exposure.step, 0, "back all the same")


func test_relief_takes_the_height_back_at_once_and_gives_it_again() -> void:
	var feed := _feed(0.95)
	var exposure := _exposure(feed)
	exposure.relief = 0.5
	exposure.tense_seconds = 100.0
	exposure.least_seconds = 600.0
	for step in 4:
		exposure.step_forward("therapist")
	_run(exposure, 30.0)
	near(exposure.height, 2.0, 1e-6, "half of it")
	equal(exposure.step, 4, "the step stays")
	feed.show(0.1)
	_run(exposure, 30.0)
	near(exposure.height, 4.0, 1e-6, "given again")
	feed.show(0.95)
	exposure.hold("therapist")
	_run(exposure, 30.0)
	near(exposure.height, 4.0, 1e-6, "held where it is")
	exposure.adapt = false
	exposure.resume("therapist")
	_run(exposure, 30.0)
	near(exposure.height, 4.0, 1e-6, "adaptation off")


func test_unknown_affect_and_adaptation_off_never_move_it() -> void:
	var feed := add(CalmFeed.new()) as CalmFeed
	var exposure := _exposure(feed)
	_run(exposure, 60.0)
	equal(exposure.step, 0, "nothing is known")
	feed.show(0.1)
	exposure.adapt = false
	_run(exposure, 60.0)
	equal(exposure.step, 0, "off")
	exposure.step_forward("therapist")
	equal(exposure.step, 1, "people still move it")


func test_a_hold_stops_the_programme_and_people_move_it_at_once() -> void:
	var feed := _feed(0.1)
	var exposure := _exposure(feed)
	exposure.hold("therapist")
	_run(exposure, 60.0)
	equal(exposure.step, 0, "held")
	exposure.step_forward("therapist")
	exposure.step_forward("therapist")
	exposure.step_back("player")
	equal(exposure.step, 1, "moved while it is held")
	equal([exposure.moves[-1]["by"], exposure.moves[-2]["by"]], ["player", "therapist"], "who")
	equal(feed.reported[-1].by, "player", "reported with the author")
	exposure.resume("therapist")
	_run(exposure, 21.0)
	equal(exposure.step, 2, "continues")


func test_the_end_leads_slowly_to_the_ground_and_stays_there() -> void:
	var exposure := _exposure(_feed(0.1))
	for step in 3:
		exposure.step_forward("therapist")
	_run(exposure, 30.0)
	var ends: Array[String] = []
	exposure.ended.connect(func(by: String) -> void: ends.append(by))
	var before := exposure.height
	exposure.finish("player")
	exposure.finish("player")
	equal(ends, ["player"], "once")
	exposure.advance(FRAME)
	near(exposure.height, before - exposure.speed * FRAME, 1e-6, "no jump")
	_run(exposure, 60.0)
	equal(exposure.height, 0.0, "on the ground")
	exposure.step_forward("therapist")
	equal(exposure.step, 0, "it is over")


func test_it_moves_in_real_time_when_the_game_is_paused() -> void:
	var exposure := _exposure(_feed(0.9))
	exposure.step_forward("therapist")
	Engine.time_scale = 0.5
	for step in 100:
		exposure.advance(FRAME * 0.5)
	Engine.time_scale = 1.0
	near(exposure.height, 1.0, 1e-3, "five real seconds")


func _feed(stress: float) -> CalmFeed:
	var feed := add(CalmFeed.new()) as CalmFeed
	feed.show(stress)
	return feed


func _exposure(feed: SentioFeed) -> SentioExposure:
	var exposure := add(SentioExposure.new()) as SentioExposure
	exposure.set_process(false)
	exposure.source = feed
	return exposure


func _run(exposure: SentioExposure, seconds: float) -> void:
	for step in roundi(seconds / FRAME):
		exposure.advance(FRAME)
