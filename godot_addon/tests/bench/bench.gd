extends SceneTree
## Measures the client's cost, and prints one line of JSON for each figure.
##
## Run by bench.py: godot --headless --path godot_addon -s tests/bench/bench.gd -- SUITE

const PATIENCE := 60.0
## Frames for which a link may be left without its heartbeats.
const LEAST_FRAMES := 300

var _case := SentioSidecarCase.new()
var _rounds := 0


func _initialize() -> void:
	_run.call_deferred()


func _run() -> void:
	_case.tree = self
	var suite := "decode"
	for argument in OS.get_cmdline_user_args():
		if argument.begins_with("--rounds="):
			_rounds = int(argument.trim_prefix("--rounds="))
		else:
			suite = argument
	await process_frame
	match suite:
		"decode":
			_decode("decode", "affect_full")
			_decode("decode_evidence", "affect_everything")
		"malformed":
			_malformed()
		"frame":
			await _frame(false)
			await _frame(true)
		"latency":
			await _latency()
		"reconnect":
			await _reconnect()
	_case.tear_down()
	for failure in _case.failures:
		printerr("FAILED: ", failure)
	quit(1 if _case.failures else 0)


# An hour of different messages at 60 a second through the affect reader.
func _decode(figure: String, vector: String) -> void:
	var count := _rounds if _rounds else 216000
	var message := FileAccess.get_file_as_bytes(
		SentioTestCase.repository("tests/vectors/messages/%s.bin" % vector)
	)
	var place := message.find(0x6e, message.find(0)) + 1
	var reader := SentioAffectReader.new()
	var memory := OS.get_static_memory_usage()
	var parts: Array[float] = []
	for part in 10:
		var start := Time.get_ticks_usec()
		@warning_ignore("integer_division")
		for index in count / 10:
			message[place] = index % 100
			reader.read(message)
		parts.append((Time.get_ticks_usec() - start) / (count / 10.0))
	var grown := OS.get_static_memory_usage() - memory
	parts.sort()
	_print({"figure": figure, "count": count, "us": parts[5], "us_slowest_tenth": parts[9]})
	_print({"figure": figure + "_memory", "count": count, "bytes_grown": grown})


# Damaged messages through the mailbox, and noise through the handshake and open connections.
func _malformed() -> void:
	var count := _rounds if _rounds else 100000
	var random := RandomNumberGenerator.new()
	random.seed = 5
	var vectors := _vectors()
	var mailbox := SentioStateMailbox.new("", 1.0)
	var memory := OS.get_static_memory_usage()
	var start := Time.get_ticks_usec()
	var slowest := 0
	for turn in count:
		var begin := Time.get_ticks_usec()
		if turn % 2:
			var bytes := vectors[random.randi() % vectors.size()].duplicate()
			_damage(bytes, random)
			mailbox.take([[bytes]], NAN)
			if not mailbox.detail_bytes.is_empty():
				mailbox.decode_detail(mailbox.detail_bytes)
		else:
			_noise(random)
		slowest = maxi(slowest, Time.get_ticks_usec() - begin)
	var grown := OS.get_static_memory_usage() - memory
	_print(
		{
			"figure": "malformed",
			"count": count,
			"seconds": (Time.get_ticks_usec() - start) * 1e-6,
			"slowest_us": slowest,
			"bytes_grown": grown,
		}
	)


func _vectors() -> Array[PackedByteArray]:
	var all: Array[PackedByteArray] = []
	var folder := SentioTestCase.repository("tests/vectors/messages")
	for file in DirAccess.get_files_at(folder):
		if file.ends_with(".bin") and not file.begins_with("re"):
			all.append(FileAccess.get_file_as_bytes(folder.path_join(file)))
	return all.filter(func(bytes: PackedByteArray) -> bool: return bytes.size() > 8)


func _damage(bytes: PackedByteArray, random: RandomNumberGenerator) -> void:
	for hit in 1 + random.randi() % 4:
		bytes[random.randi() % bytes.size()] = random.randi() % 128
	if random.randi() % 4 == 0:
		bytes.resize(random.randi() % bytes.size())


func _noise(random: RandomNumberGenerator) -> void:
	var zmtp := SentioZmtp.new("SUB", "token" if random.randi() % 3 == 0 else "")
	var opening := SentioZmtpText.opening() + SentioZmtpText.greeting_rest("NULL")
	if random.randi() % 4:
		zmtp.feed(opening.slice(0, 64 if random.randi() % 8 else random.randi() % 64))
	if random.randi() % 2:
		zmtp.feed(SentioZmtpText.metadata("READY", "XPUB"))
	for piece in 3:
		var noise := PackedByteArray()
		for index in random.randi() % 30:
			noise.append(random.randi() % (8 if random.randi() % 2 else 256))
		zmtp.feed(noise)


# Cost of a rendered frame at 60 frames and 60 messages a second: receiving, decoding, and a
# binding that rotates a node by arousal.
func _frame(with_details: bool) -> void:
	var client := await _live_client(60)
	var binding := _binding_of(client)
	if with_details:
		client.detail.connect(func(_who: String, _map: Dictionary) -> void: pass)
	client.set_process(false)
	var times := PackedFloat64Array()
	var from := client.latest.seq
	var count := _rounds if _rounds else 1800
	var began := Time.get_ticks_usec()
	var worked := _processor_time()
	for index in count:
		await process_frame
		var start := Time.get_ticks_usec()
		client.poll(SentioClient.now())
		binding.advance(1.0 / 60.0)
		times.append(Time.get_ticks_usec() - start)
	var about := _quantiles(times)
	about["figure"] = "frame_with_details" if with_details else "frame"
	about["messages"] = client.latest.seq - from
	about["processor"] = (_processor_time() - worked) / (Time.get_ticks_usec() - began)
	_print(about)
	_case.check(is_finite(binding.value), "the binding gave its node a value")
	if not with_details:
		_frame_warm(client, binding, count)
		client.stop()
		await _frame_least(client.connection, mini(count, LEAST_FRAMES))
	client.free()


# Microseconds of processor time of all threads of this process; 0 where the system has no /proc.
func _processor_time() -> float:
	var sum := 0.0
	for thread in DirAccess.get_directories_at("/proc/self/task"):
		var file := FileAccess.open("/proc/self/task/%s/schedstat" % thread, FileAccess.READ)
		sum += file.get_line().get_slice(" ", 0).to_float() * 1e-3 if file else 0.0
	return sum


# The same work with warm caches: a read of the socket, a new state decoded and emitted, and the
# binding.
func _frame_warm(client: SentioClient, binding: SentioBinding, count: int) -> void:
	var message := FileAccess.get_file_as_bytes(
		SentioTestCase.repository("tests/vectors/messages/affect_full.bin")
	)
	var place := message.find(0x6e, message.find(0)) + 1
	var times := PackedFloat64Array()
	var received := [0]
	client.frame.connect(func(_received: SentioAffectFrame) -> void: received[0] += 1)
	var reader := client._reader
	reader._stopped = true
	reader._thread.wait_to_finish()
	reader._thread = null
	for index in count:
		# Another mailbox, which has no newer state.
		reader._mailbox = SentioStateMailbox.new("", INF)
		message[place] = index % 100
		var start := Time.get_ticks_usec()
		reader._mailbox.take([[message]], NAN)
		reader._keep([[message]], {}, SentioClient.now())
		client.poll(SentioClient.now())
		binding.advance(1.0 / 60.0)
		times.append(Time.get_ticks_usec() - start)
	_case.check(received[0] >= count, "every state was emitted")
	var about := _quantiles(times)
	about["figure"] = "frame_warm"
	_print(about)


# A minimal script for comparison: reads the socket, takes one number and rotates a node, without
# checks or signals.
func _frame_least(connection: SentioConnection, count: int) -> void:
	var topics := SentioStateMailbox.new("", 1.0).topics()
	var link := connection.link_to(connection.state_port, "SUB", topics)
	await _case.until(
		func() -> bool:
			link.poll(SentioClient.now())
			return link.state == SentioLink.State.UP,
		PATIENCE
	)
	var socket := link._tcp
	var bound := Node2D.new()
	_case.add(bound)
	var times := PackedFloat64Array()
	for index in count:
		await process_frame
		var start := Time.get_ticks_usec()
		var bytes: PackedByteArray = socket.get_partial_data(SentioLink.READ_PIECE)[1]
		if bytes.size() > 16:
			bound.rotation = bytes.decode_float(bytes.size() - 16)
			times.append(Time.get_ticks_usec() - start)
	var about := _quantiles(times)
	about["figure"] = "frame_least"
	_print(about)


func _binding_of(client: SentioClient) -> SentioBinding:
	var bound := Node2D.new()
	var binding := SentioBinding.new()
	binding.source = client
	binding.property = NodePath("rotation")
	bound.add_child(binding)
	_case.add(bound)
	binding.set_process(false)
	return binding


# From the sidecar's sending to the signal, by the sidecar's clock.
func _latency() -> void:
	var client := await _live_client(120)
	var times := PackedFloat64Array()
	client.frame.connect(
		func(frame: SentioAffectFrame) -> void:
			times.append(1e6 * (client.sidecar_time() - frame.sent))
	)
	var count := _rounds if _rounds else 1800
	await _case.until(func() -> bool: return times.size() >= count, 120.0)
	var about := _quantiles(times)
	about["figure"] = "latency"
	_print(about)


# From the restarted sidecar's first open port to its first received state.
func _reconnect() -> void:
	Engine.max_fps = 60
	var random := RandomNumberGenerator.new()
	random.seed = 9
	var connection := _case.free_connection()
	var process := _case.start(connection)
	var client := _case.client_of(connection)
	await _case.live(client)
	var times := PackedFloat64Array()
	var missed := 0
	var rounds := _rounds if _rounds else 200
	for turn in rounds:
		var epoch := client.latest.epoch
		var pid := process.process_id()
		_case.kill(process)
		# On a busy machine the ports of a killed process stay open for a while.
		await _case.until(func() -> bool: return not OS.is_process_running(pid), PATIENCE)
		await create_timer(random.randf_range(0.1, 1.5)).timeout
		process = _case.start(connection)
		var open := await _opened(connection)
		var received := func() -> bool: return client.latest.epoch != epoch
		if await _case.until(received, PATIENCE):
			times.append(Time.get_ticks_usec() - open)
		else:
			missed += 1
			var ran := "ended with code %d" % process.exit_code()
			if process.is_running():
				ran = "runs"
			printerr(
				"FAILED: round %d, %s; it %s: %s" % [turn, client.link_reason, ran, process.output]
			)
	var about := _quantiles(times)
	about["figure"] = "reconnect"
	about["missed"] = missed
	_print(about)


# When the state port first took a connection, in microseconds.
func _opened(connection: SentioConnection) -> int:
	var tries: Array[StreamPeerTCP] = [StreamPeerTCP.new()]
	var at := [0]
	await _case.until(
		func() -> bool:
			tries[0].poll()
			if tries[0].get_status() == StreamPeerTCP.STATUS_CONNECTED:
				at[0] = Time.get_ticks_usec()
				return true
			if tries[0].get_status() != StreamPeerTCP.STATUS_CONNECTING:
				tries[0] = StreamPeerTCP.new()
				tries[0].connect_to_host(connection.host, connection.state_port)
			return false,
		PATIENCE
	)
	return at[0]


func _live_client(fps: int) -> SentioClient:
	Engine.max_fps = fps
	var connection := _case.free_connection()
	_case.start(connection)
	var client := _case.client_of(connection)
	await _case.live(client)
	await _case.until(func() -> bool: return client.latest.state == "ok", PATIENCE)
	return client


func _quantiles(times: PackedFloat64Array) -> Dictionary:
	var sorted := times.duplicate()
	sorted.sort()
	var last := sorted.size() - 1
	return {
		"count": sorted.size(),
		"p50_us": sorted[last >> 1],
		"p99_us": sorted[int(0.99 * last)],
		"max_us": sorted[last],
	}


func _print(about: Dictionary) -> void:
	print("FIGURE ", JSON.stringify(about))
