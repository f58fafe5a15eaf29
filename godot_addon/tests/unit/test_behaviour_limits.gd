extends SentioTestCase
## Invariants of the behaviour classes for any input: finite output, limits, flashes.

const HOSTILE: Array[float] = [NAN, INF, -INF, 0.0, -1.0, 1e12, -1e12, 0.5, 1.0, 1e-12]

var _random := RandomNumberGenerator.new()


func _init() -> void:
	_random.seed = 7


func test_output_is_never_nan() -> void:
	var chain := SentioBindingChain.new()
	var rails := SentioRailLimiter.new()
	rails.rise = INF
	rails.fall = INF
	var pid := SentioPid.new()
	pid.ki = 0.5
	pid.kd = 0.1
	var pacing := SentioPacing.new()
	var guard := SentioFlashGuard.new()
	var pace := SentioBreathingPace.new()
	var face := SentioExpressionBlend.new()
	var good := true
	for step in 5000:
		var dt := _any()
		var x := _any()
		pacing.step(dt, x, _any(), _any())
		var sum := chain.step(dt, x, _any()) + rails.step(dt, x) + pid.step(dt, x, 0.5)
		sum += guard.step(dt, x) + pace.step(dt) + pacing.pressure()
		var shown: float = face.step(dt, {"jawOpen": x})["jawOpen"]
		good = good and is_finite(sum + shown)
	check(good, "a number in, no number out")


func test_rails_hold_for_any_input() -> void:
	var rails := SentioRailLimiter.new()
	rails.low = -0.2
	rails.high = 0.9
	rails.rise = 0.25
	rails.fall = 0.5
	var before := rails.step(0.0, 0.0)
	var held := true
	for step in 5000:
		var dt := _any()
		var now := rails.step(dt, _any())
		var time := SentioElapsed.of(dt)
		held = held and now >= -0.2 and now <= 0.9
		held = held and now - before <= 0.25 * time + 1e-12 and before - now <= 0.5 * time + 1e-12
		before = now
	check(held, "a limit was passed")


func test_never_more_than_three_flashes_in_a_second() -> void:
	for hertz: float in [5.0, 12.0, 24.0, 60.0]:
		var guard := SentioFlashGuard.new()
		var turns := PackedFloat64Array()
		var extreme := NAN
		var direction := 0
		var now := 0.0
		for step in 3000:
			var dt := 0.5 / hertz * _random.randf_range(0.5, 1.5)
			now += dt
			var dark := step % 2 == 0
			var wanted := _random.randf() * 0.6 if dark else 1.0 - 0.5 * _random.randf()
			var x := guard.step(dt, wanted)
			var way := 0 if is_nan(extreme) else int(signf(x - extreme))
			if is_nan(extreme) or way == direction:
				extreme = x
			elif absf(x - extreme) >= 0.1 and minf(x, extreme) < 0.8:
				turns.append(now)
				direction = way
				extreme = x
		var least := INF
		for index in range(6, turns.size()):
			least = minf(least, turns[index] - turns[index - 6])
		check(turns.size() > 6 and least >= 1.0 - 1e-9, "%s Hz: %s s" % [hertz, least])


func test_a_safe_stop_ends_at_the_safe_value_in_time() -> void:
	var rails := SentioRailLimiter.new()
	rails.safe = 0.2
	for step in 100:
		rails.step(0.02, 1.0)
	rails.stopped = true
	for step in 101:
		rails.step(0.02, 1.0)
	near(rails.value, 0.2, 1e-9, "value")
	equal(rails.rail, SentioRailLimiter.Rail.SAFE_STOP, "rail")


func test_a_paused_game_does_not_jump() -> void:
	var slew := SentioSlewLimit.new(0.5, 0.5)
	slew.step(0.02, 0.0)
	near(slew.step(3600.0, 1.0), 0.5, 1e-12, "after an hour")
	near(slew.step(-1.0, 1.0), 0.5, 1e-12, "back in time")


func test_a_curve_is_made_of_the_editors_points() -> void:
	var curve := SentioResponseCurve.along([Vector2(0, 1), Vector2(2, 5)])
	near(curve.step(1.0), 3.0, 1e-12, "between")
	near(SentioResponseCurve.along([]).step(0.25), 0.25, 1e-12, "no points leave it straight")


func _any() -> float:
	return (
		HOSTILE[_random.randi() % HOSTILE.size()] if _random.randi() % 3 == 0 else _random.randf()
	)
