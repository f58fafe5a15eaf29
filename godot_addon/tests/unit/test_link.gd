extends SentioTestCase
## Links and requests against local sockets: absent, foreign, silent and hostile peers.

const LOCAL := "127.0.0.1"

var _server := TCPServer.new()


func test_an_absent_sidecar_is_reported_with_a_fix() -> void:
	var link := _link(_free_port())
	await _until_code(link, 5.0)
	equal(link.code, "unreachable", "code")
	var reason := SentioReasons.link(link.code, link.detail, "x:1", false)
	check("sentio run" in reason, reason)


func test_a_foreign_server_is_recognised() -> void:
	var server := TCPServer.new()
	server.listen(0, LOCAL)
	var link := _link(server.get_local_port())
	var end := Time.get_ticks_msec() + 5000
	var peer: StreamPeerTCP = null
	while link.code.is_empty() and Time.get_ticks_msec() < end:
		link.poll(SentioClient.now())
		if peer == null and server.is_connection_available():
			peer = server.take_connection()
			peer.put_data("HTTP/1.1 400 Bad Request\r\n\r\n".to_ascii_buffer())
		await tree.process_frame
	equal(link.code, "signature", "code")


func test_a_silent_peer_is_dropped_after_a_ping() -> void:
	var link := _link(0)
	var peer := await _connect(link)
	equal(link.state, SentioLink.State.UP, "up")
	var now := SentioClient.now()
	link.poll(now + 25.0)
	equal(link.state, SentioLink.State.UP, "a stalled game pings before it fails")
	check(await _receives(peer, "PING"), "asked")
	link.poll(now + 26.5)
	equal(link.code, "silent", "no answer: given up")


func test_a_sidecar_that_is_stopped_for_seconds_keeps_its_connection() -> void:
	var link := _link(0)
	var peer := await _connect(link)
	var now := SentioClient.now()
	for seconds in range(1, 19):
		link.poll(now + seconds)
	equal(link.state, SentioLink.State.UP, "still up")
	check(peer.get_status() == StreamPeerTCP.STATUS_CONNECTED, "connected")
	link.poll(now + 22.0)
	equal(link.code, "silent", "no answer to any of the PINGs")


func test_a_missing_greeting_times_out() -> void:
	var server := TCPServer.new()
	server.listen(0, LOCAL)
	var link := _link(server.get_local_port())
	var now := SentioClient.now()
	check(
		await until(
			func() -> bool:
				link.poll(now)
				return link.state == SentioLink.State.GREETING,
			5.0
		),
		"connected"
	)
	link.poll(now + 3.1)
	equal(link.code, "timeout", "code")


func test_requests_fail_with_reasons() -> void:
	var control := SentioControl.new(_link(_free_port()), "", 0.2)
	var now := SentioClient.now()
	var first := control.ask("time", {}, now)
	var unsendable := control.ask("marker", {"name": Vector2.ZERO}, now)
	equal(unsendable.error.code, "bad_argument", "cannot be sent")
	for index in SentioControl.MAX_PENDING:
		control.ask("time", {}, now)
	equal(control.ask("time", {}, now).error.code, "busy", "bounded")
	control.poll(now + 0.3)
	check(first.done and first.error.code == "timeout", "timed out")
	check("sentio run" in first.error.fix, "with a fix")
	var last := control.ask("time", {}, now)
	control.close()
	equal(last.error.code, "closed", "closed")


func test_replies_can_be_awaited() -> void:
	var control := SentioControl.new(_link(_free_port()), "", 0.05)
	var reply := control.ask("time", {}, SentioClient.now())
	_poll_later(control)
	var same := await reply.wait()
	check(same == reply and reply.done, "awaited")


func _poll_later(control: SentioControl) -> void:
	await tree.create_timer(0.1).timeout
	control.poll(SentioClient.now())


func _link(port: int) -> SentioLink:
	if port == 0:
		_server.listen(0, LOCAL)
		port = _server.get_local_port()
	return SentioLink.new(LOCAL, port, "SUB", "", [], SentioLinkLimits.new())


func _free_port() -> int:
	var server := TCPServer.new()
	server.listen(0, LOCAL)
	var port := server.get_local_port()
	server.stop()
	return port


func _connect(link: SentioLink) -> StreamPeerTCP:
	var peers: Array[StreamPeerTCP] = []
	var answer := SentioZmtpText.opening() + SentioZmtpText.greeting_rest("NULL")
	answer.append_array(SentioZmtpText.metadata("READY", "XPUB"))
	await until(
		func() -> bool:
			link.poll(SentioClient.now())
			if peers.is_empty() and _server.is_connection_available():
				peers.append(_server.take_connection())
				peers[0].put_data(answer)
			return link.state == SentioLink.State.UP
	)
	return peers[0]


func _receives(peer: StreamPeerTCP, text: String) -> bool:
	var output := [PackedByteArray()]
	var wanted := text.to_ascii_buffer().hex_encode()
	return await until(
		func() -> bool:
			peer.poll()
			var waiting := peer.get_available_bytes()
			if waiting > 0:
				output[0] += peer.get_data(waiting)[1]
			return wanted in (output[0] as PackedByteArray).hex_encode()
	)


func _until_code(link: SentioLink, seconds: float) -> void:
	await until(
		func() -> bool:
			link.poll(SentioClient.now())
			return not link.code.is_empty(),
		seconds
	)
