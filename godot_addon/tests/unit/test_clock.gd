extends SentioTestCase
## The sidecar's time, as the quickest of the last answers tells it.


func test_the_quickest_answer_counts() -> void:
	var clock := SentioClock.new()
	check(not clock.known, "unknown at first")
	clock.observe(10.0, 110.4)
	clock.observe(11.0, 111.1)
	clock.observe(12.0, 112.3)
	near(clock.theirs(20.0), 120.1, 1e-9, "the smallest difference")
	for round in SentioClock.KEPT:
		clock.observe(30.0 + round, 130.2 + round)
	near(clock.theirs(40.0), 140.2, 1e-9, "old answers go")
	clock.reset()
	check(not clock.known, "forgotten")
