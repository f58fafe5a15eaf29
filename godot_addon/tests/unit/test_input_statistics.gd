extends SentioTestCase
## What the engine's input becomes, and the typed events that follow from it.


func test_presses_are_counted_once() -> void:
	var node := _node()
	var press := InputEventKey.new()
	press.pressed = true
	node._input(press)
	press.echo = true
	node._input(press)
	var click := InputEventMouseButton.new()
	click.pressed = true
	node._input(click)
	click.pressed = false
	node._input(click)
	node.count_error()
	node.advance(0.5)
	equal(node._counter.row[0], 2.0, "one key in half a second")
	equal(node._counter.row[1], 2.0, "one button")
	equal(node._counter.row[6], 2.0, "one error")
	equal(node._counter.row[7], 0.5, "seconds without input")


func test_movement_is_in_screen_heights() -> void:
	var node := _node()
	var motion := InputEventMouseMotion.new()
	motion.relative = Vector2(0.0, node._height() / 4.0)
	node._input(motion)
	var stick := InputEventJoypadMotion.new()
	stick.axis = JOY_AXIS_LEFT_X
	stick.axis_value = 0.5
	node._input(stick)
	stick.axis = JOY_AXIS_TRIGGER_LEFT
	stick.axis_value = 1.0
	node._input(stick)
	node.advance(0.5)
	check(absf(node._counter.row[2] - 0.5) < 1e-6, "a quarter of the height in half a second")
	check(absf(node._counter.row[4] - 1.0) < 1e-6, "half a deflection; triggers do not count")


func test_of_two_pads_one_is_followed() -> void:
	var node := _node()
	var stick := InputEventJoypadMotion.new()
	stick.axis = JOY_AXIS_LEFT_X
	for step in 10:
		stick.device = step % 2
		stick.axis_value = 0.5 if step % 2 == 0 else -1.0
		node._input(stick)
	node.advance(0.5)
	near(node._counter.row[4], 1.0, 1e-6, "half a deflection, not those between two players")
	for second in 11:
		node.advance(1.0)
	stick.device = 1
	node._input(stick)
	node.advance(0.5)
	check(node._counter.row[4] > 0.0, "the other one, once the first is at rest")


func test_nothing_is_counted_when_it_is_off() -> void:
	var node := _node()
	node.adapt = false
	var press := InputEventKey.new()
	press.pressed = true
	node._input(press)
	node.advance(1.0)
	equal(node._counter.row[0], 0.0, "no key")
	check(not node.allowed(), "nothing is sent without a client")


func test_expressions_are_typed() -> void:
	var data := {"strength": 0.8, "found": 12.5, "probability": 0.8}
	var event := {"kind": "expression", "name": "laughter", "time": 12.0, "data": data}
	var laugh := SentioExpressionEvent.from_event(event)
	equal(laugh.expression, "laughter", "name")
	equal(laugh.since, 0.5, "since")
	equal(laugh.probability, 0.8, "probability")
	data.erase("probability")
	check(is_nan(SentioExpressionEvent.from_event(event).probability), "only measured")
	data["sources"] = ["face", "heart"]
	event["name"] = "startle"
	var startle := SentioExpressionEvent.from_event(event)
	equal(Array(startle.sources), ["face", "heart"], "sources")
	check(laugh.sources.is_empty(), "a laugh has one source")
	event["kind"] = "change"
	check(SentioExpressionEvent.from_event(event) == null, "another kind")


func test_lasting_frustration_is_typed() -> void:
	var data := {"level": 0.6, "target": "game"}
	var event := {"kind": "frustration", "name": "began", "time": 3.0, "data": data}
	var lasting := SentioFrustration.from_event(event)
	check(lasting.began, "it began")
	equal(lasting.level, 0.6, "level")
	equal(lasting.target, "game", "target")
	event["name"] = "ended"
	check(not SentioFrustration.from_event(event).began, "it ended")
	event.erase("data")
	check(SentioFrustration.from_event(event) == null, "malformed")


func _node() -> SentioInputStatistics:
	var node := SentioInputStatistics.new()
	add(node)
	node.set_process(false)
	return node
