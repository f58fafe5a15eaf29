extends SentioTestCase
## Delays between attempts to connect.


func test_delays_double_up_to_a_maximum() -> void:
	var random := RandomNumberGenerator.new()
	random.seed = 7
	var backoff := SentioBackoff.new(0.1, 0.8, random)
	for step: float in [0.1, 0.2, 0.4, 0.8, 0.8]:
		var wait := backoff.next()
		check(wait >= 0.5 * step and wait <= step, "a wait of the step %s" % step)
	backoff.reset()
	check(backoff.next() <= 0.1, "the wait starts again")
