extends SentioTestCase
## States and events received beside the game, by a local publisher.

const LOCAL := "127.0.0.1"

var _server := TCPServer.new()
var _peer: StreamPeerTCP
var _messages := SentioVectorMessages.new()


func test_the_newest_state_is_collected_once() -> void:
	var reader := await _reader(true)
	check(reader._thread != null, "it reads on a thread")
	_publish([_messages.state(1), _messages.event(1), _messages.state(2), _messages.event(2)])
	var seen := await _collected(reader, func() -> bool: return reader.state != null)
	check(seen, "a state arrived: " + reader.link_reason)
	equal(reader.state.seq, 2, "the newest")
	equal(reader.link, SentioFeed.LinkState.LIVE, "link")
	equal(reader.subject, "player", "subject")
	check(not reader.collect(SentioClient.now()), "nothing new")
	check(not is_same(reader.events, reader._next_events), "the thread fills other arrays")
	check(not is_same(reader.observed, reader._next_observed), "also of messages")
	reader.stop()


func test_events_wait_for_the_game_up_to_a_limit() -> void:
	var reader := await _reader(true)
	# What was missed is known from the numbers, so one event is read first.
	_publish([_messages.event(0)])
	check(await until(func() -> bool: return reader._mailbox._event_id == 0), "the first")
	for id in range(1, 2 * SentioStateReader.MOST_EVENTS):
		_publish([_messages.event(id)])
	var last := 2 * SentioStateReader.MOST_EVENTS - 1
	var all := func() -> bool:
		reader._lock.lock()
		var done := not reader._next_events.is_empty()
		done = done and reader._next_events[-1][1]["id"] == last
		reader._lock.unlock()
		return done
	check(await until(all), "all were read without the game")
	reader.takes_events = false
	check(reader.collect(0.0), "something is new")
	equal(reader.events.size(), 0, "a game that shows earlier ones takes no more")
	reader.takes_events = true
	var ids: Array[int] = []
	while reader.collect(0.0):
		check(reader.events.size() <= SentioStateReader.MOST_TAKEN, "a few at a time")
		for event in reader.events:
			ids.append(event[1]["id"])
	equal(ids.size(), SentioStateReader.MOST_EVENTS, "the newest are kept")
	equal(ids[-1], last, "the last one too")
	equal(reader.counters()["missed_events"], SentioStateReader.MOST_EVENTS, "the others counted")
	reader.stop()


func test_states_that_the_game_did_not_collect_are_counted() -> void:
	var reader := await _reader(true)
	for seq in 5:
		_publish([_messages.state(seq)])
		await tree.create_timer(0.02).timeout
	var all := func() -> bool:
		reader._lock.lock()
		var done := reader._next_state != null and reader._next_state.seq == 4
		reader._lock.unlock()
		return done
	check(await until(all), "all were read without the game")
	check(await _collected(reader, func() -> bool: return reader.state != null), "a state")
	equal(reader.state.seq, 4, "the newest")
	check(reader.counters()["superseded"] > 0, "older ones were replaced")
	reader.stop()


func test_without_threads_the_game_reads_by_itself() -> void:
	var reader := await _reader(false)
	check(reader._thread == null, "no thread")
	_publish([_messages.state(3), _messages.event(1)])
	var seen := await _collected(reader, func() -> bool: return reader.state != null)
	check(seen and reader.state.seq == 3, "a state")
	reader.stop()


func test_details_are_decoded_beside_the_game_on_request() -> void:
	var reader := await _reader(true)
	var bytes := FileAccess.get_file_as_bytes(repository("tests/vectors/messages/detail.bin"))
	_publish([_messages.state(1), bytes])
	var arrived := func() -> bool: return not reader.detail_bytes.is_empty()
	check(await _collected(reader, arrived), "a detail")
	check(reader.detail.is_empty(), "not decoded unasked")
	equal(reader.decode_detail(reader.detail_bytes)["state"], "ok", "decoded by the game")
	reader.decodes_details = true
	_publish([bytes])
	check(await _collected(reader, arrived), "another")
	equal(reader.detail["state"], "ok", "decoded already")
	reader.stop()


func test_messages_are_kept_only_on_request() -> void:
	var reader := await _reader(true)
	_publish([_messages.state(1)])
	check(await _collected(reader, func() -> bool: return reader.state != null), "a state")
	check(reader.observed.is_empty(), "not kept")
	reader.observes = true
	_publish([_messages.state(2)])
	check(await _collected(reader, func() -> bool: return not reader.observed.is_empty()), "kept")
	equal(reader.observed[0][0], _messages.state(2), "the bytes as they came")
	reader.stop()


func test_it_ends_soon_and_with_its_client() -> void:
	var best := 1000
	for turn in 3:
		var reader := await _reader(true)
		var start := Time.get_ticks_msec()
		reader.stop()
		best = mini(best, Time.get_ticks_msec() - start)
		check(reader._thread == null, "no thread is left")
	check(best < 500, "ends within a read, on a busy machine too")
	var client := SentioClient.new()
	client.start()
	var thread := client._reader._thread
	client.free()
	check(not thread.is_alive(), "the thread of a freed client has ended")


func test_the_launched_token_may_change_meanwhile() -> void:
	var token := SentioLaunchToken.new()
	var reads := Thread.new()
	reads.start(
		func() -> bool:
			var whole := true
			for turn in 20000:
				whole = whole and token.value.length() in [0, 64]
			return whole
	)
	while reads.is_alive():
		token.renew()
		token.value = ""
	check(reads.wait_to_finish(), "always a whole token or none")


func test_a_client_reports_the_events_that_it_missed() -> void:
	var client := SentioClient.new()
	client.connection = _listen()
	var missed: Array[int] = []
	client.events_missed.connect(func(count: int) -> void: missed.append(count))
	add(client)
	await _serve(client._reader)
	_publish([_messages.event(3)])
	check(await until(func() -> bool: return client._reader._mailbox._event_id == 3), "one")
	equal(missed, [], "what came before the first is not missed")
	_publish([_messages.event(5)])
	check(await until(func() -> bool: return not missed.is_empty()), "reported")
	# The connection is cut: what is sent until the next one is missed.
	_peer.disconnect_from_host()
	check(await until(func() -> bool: return client._reader._connection.code == "lost"), "cut")
	await _serve(client._reader)
	_publish([_messages.event(9)])
	check(await until(func() -> bool: return missed.size() > 1), "reported again")
	equal(missed, [1, 3], "each gap once")
	equal(client.counters()["missed_events"], 4, "counted")
	var late: Array[int] = []
	client.event.connect(func(_who: String, body: Dictionary) -> void: late.append(body["id"]))
	client.frame.connect(func(_state: SentioAffectFrame) -> void: client.stop())
	_publish([_messages.state(1), _messages.event(11)])
	check(await until(func() -> bool: return not client.is_running()), "stopped by a handler")
	equal(late, [], "no event after that")
	equal(missed, [1, 3], "and none is missed")


func _reader(threaded: bool) -> SentioStateReader:
	var reader := SentioStateReader.new(_listen(), "")
	reader.start(threaded)
	await _serve(reader)
	return reader


func _listen() -> SentioConnection:
	_server = TCPServer.new()
	_server.listen(0, LOCAL)
	var connection := SentioConnection.new()
	connection.state_port = _server.get_local_port()
	connection.oldest_state = 1e9
	connection.token = ""
	return connection


# Accepts the next connection of a reader and opens it.
func _serve(reader: SentioStateReader) -> void:
	var answer := SentioZmtpText.opening() + SentioZmtpText.greeting_rest("NULL")
	answer.append_array(SentioZmtpText.metadata("READY", "XPUB"))
	_peer = null
	await until(
		func() -> bool:
			reader.collect(SentioClient.now())
			# Also a second one: on a busy machine the first may have timed out.
			if _server.is_connection_available():
				_peer = _server.take_connection()
				_peer.put_data(answer)
			return _peer and reader._connection.state == SentioLink.State.UP
	)


func _publish(messages: Array[PackedByteArray]) -> void:
	var bytes := PackedByteArray()
	for message in messages:
		bytes.append_array(SentioZmtpText.message([message]))
	_peer.put_data(bytes)


func _collected(reader: SentioStateReader, done: Callable) -> bool:
	return await until(func() -> bool: return reader.collect(SentioClient.now()) and done.call())
