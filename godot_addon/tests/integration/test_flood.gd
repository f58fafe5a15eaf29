extends SentioTestCase
## A hostile server floods the client: what the main thread spends in a rendered frame stays small.
##
## SENTIO_FLOOD in the environment has the server's ports: state,control.

const FRAMES := 180
## Milliseconds of processor time of a frame, of the whole engine without a window. The goal is 2 on
## an idle machine; other tests run beside this one and share its caches.
const MOST := 4.0
## Microseconds that the game spends on each event: a budget is spent by four of them, so that more
## wait than are kept.
const EVENT := 250
## Most frames until some were dropped: a busy machine floods slowly.
const MOST_FRAMES := 3600


func test_a_flood_costs_a_bounded_part_of_a_frame() -> void:
	var ports := OS.get_environment("SENTIO_FLOOD").split(",")
	if ports.size() != 2:
		skipped = "SENTIO_FLOOD is not set"
		return
	if is_nan(processor_time()):
		skipped = "no processor time of one thread on this platform"
		return
	Engine.max_fps = 60
	var client := SentioClient.new()
	client.subject = "player"
	client.connection = SentioConnection.new()
	client.connection.state_port = int(ports[0])
	client.connection.control_port = int(ports[1])
	var seen := [0]
	# Each event costs the game some time, so that no machine is quick enough for all of them.
	client.event.connect(
		func(_who: String, _body: Dictionary) -> void:
			seen[0] += 1
			_spend(EVENT)
	)
	client.change.connect(func(_who: String, _change: SentioChange) -> void: pass)
	add(client)
	await _frames(60)
	var before := processor_time()
	await _frames(FRAMES)
	var cost := (processor_time() - before) / FRAMES
	var counts := client.counters()
	print("flood: %.2f ms a frame, %d events, %s" % [cost, seen[0], counts])
	check(cost < MOST, "%.2f ms of processor time a frame" % cost)
	check(client.status.contains("frames at their budget"), client.status)
	if OS.get_environment("SENTIO_FLOOD_KIND") in ["events", "all"]:
		check(seen[0] > FRAMES, "%d events in %d frames" % [seen[0], FRAMES])
		var frames := 0
		while int(client.counters()["missed_events"]) == 0 and frames < MOST_FRAMES:
			await tree.process_frame
			frames += 1
		check(frames < MOST_FRAMES, "others are dropped and counted: %s" % client.counters())
		counts = client.counters()
		check(int(counts["full_frames"]) > 0, "and frames at their budget: %s" % counts)
	Engine.max_fps = 0


# Uses [param microseconds] as a game's own code would.
func _spend(microseconds: int) -> void:
	var ends := Time.get_ticks_usec() + microseconds
	while Time.get_ticks_usec() < ends:
		pass


func _frames(count: int) -> void:
	for _number in count:
		await tree.process_frame
