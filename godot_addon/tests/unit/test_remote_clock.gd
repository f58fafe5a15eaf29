extends SentioTestCase
## The sidecar's time from the reply with the smallest offset.


func test_the_quickest_reply_is_used() -> void:
	var clock := SentioRemoteClock.new()
	check(not clock.known, "unknown at first")
	clock.observe(10.0, 110.4)
	clock.observe(11.0, 111.1)
	clock.observe(12.0, 112.3)
	near(clock.at(20.0), 120.1, 1e-9, "the smallest difference")
	for turn in SentioRemoteClock.KEPT:
		clock.observe(30.0 + turn, 130.2 + turn)
	near(clock.at(40.0), 140.2, 1e-9, "old answers go")
	clock.reset()
	check(not clock.known, "forgotten")
