extends SentioTestCase
## The golden streams of libzmq, whole and byte by byte, and the hostile ones.


func test_every_stream_in_one_piece() -> void:
	_play_all(1 << 20)


func test_every_stream_byte_by_byte() -> void:
	_play_all(1)


func test_every_stream_in_threes() -> void:
	_play_all(3)


func test_at_most_one_incomplete_frame_is_buffered() -> void:
	var zmtp := _open()
	var half := SentioZmtpText.frame(PackedByteArray([7])).slice(0, 2)
	for turn in 1000:
		zmtp.feed(half)
		zmtp.feed(PackedByteArray([7]))
		zmtp.messages.clear()
	check(zmtp._in.size() < 10, "nothing piles up")


func test_a_flood_of_pings_is_refused() -> void:
	var zmtp := _open()
	var heap := PackedByteArray()
	for turn in SentioZmtp.MAX_COMMANDS + 1:
		heap.append_array(SentioZmtpText.ping(0, PackedByteArray()))
	zmtp.feed(heap)
	equal(zmtp.error, "oversized", "code")
	check(zmtp.output.is_empty(), "nothing is sent to a failed peer")


func test_noise_is_survived() -> void:
	var random := RandomNumberGenerator.new()
	random.seed = 3
	var survived := 0
	for turn in 3000:
		var zmtp := _open() if turn % 2 else SentioZmtp.new("SUB")
		for piece in 4:
			var noise := PackedByteArray()
			for index in random.randi() % 40:
				noise.append(random.randi() % (8 if random.randi() % 2 else 256))
			zmtp.feed(noise)
		survived += int(zmtp._in.size() <= SentioZmtp.MAX_FRAME + 200)
	equal(survived, 3000, "streams survived, bounded")


func _open() -> SentioZmtp:
	var zmtp := SentioZmtp.new("SUB")
	var ready := SentioZmtpText.metadata("READY", "XPUB")
	zmtp.feed(SentioZmtpText.opening() + SentioZmtpText.greeting_rest("NULL") + ready)
	zmtp.take_output()
	equal(zmtp.step, SentioZmtp.Step.OPEN, "open")
	return zmtp


func _play_all(piece: int) -> void:
	var folder := repository("tests/vectors/zmtp")
	var files := DirAccess.get_files_at(folder)
	check(files.size() > 20, "the streams are there")
	for file in files:
		var stream: Dictionary = JSON.parse_string(
			FileAccess.get_file_as_string(folder.path_join(file))
		)
		_play(stream, piece, "%s in pieces of %d" % [file, piece])


func _play(stream: Dictionary, piece: int, about: String) -> void:
	var topics: Array[PackedByteArray] = []
	for topic: String in stream["subscribe"]:
		topics.append(topic.hex_decode())
	var socket: String = stream["socket"]
	var token: String = stream["token"]
	var zmtp := SentioZmtp.new(socket, token, topics)
	var output := PackedByteArray()
	var received: Array[Array] = []
	for step: Dictionary in stream["steps"]:
		if step.has("send"):
			_ask(zmtp, step)
			output.append_array(zmtp.take_output())
			var wanted := str(step["send"]).hex_decode()
			equal(output.slice(0, wanted.size()), wanted, about + ", " + str(step["note"]))
			output = output.slice(wanted.size())
		else:
			equal(output.size(), 0, about + ": nothing else is sent")
			_receive(zmtp, str(step["receive"]).hex_decode(), piece)
			received.append_array(zmtp.messages)
			zmtp.messages.clear()
			_outcome(zmtp, step, received, about)
			received.clear()
	equal(zmtp.take_output().size(), 0, about + ": nothing is left to say")


func _ask(zmtp: SentioZmtp, step: Dictionary) -> void:
	if step.has("ask"):
		zmtp.send(_frames(step["ask"]))
	if step.has("ping"):
		var tenths: int = step["ping"]
		zmtp.ping(tenths, str(step["context"]).hex_decode())


func _receive(zmtp: SentioZmtp, bytes: PackedByteArray, piece: int) -> void:
	for start in range(0, bytes.size(), piece):
		zmtp.feed(bytes.slice(start, start + piece))


func _outcome(zmtp: SentioZmtp, step: Dictionary, received: Array[Array], about: String) -> void:
	equal(zmtp.error, step.get("error", ""), about + ", error after " + str(step["note"]))
	if step.has("ready"):
		equal(zmtp.step, SentioZmtp.Step.OPEN, about + " is open")
	var wanted: Array = step.get("messages", [])
	equal(received.size(), wanted.size(), about + ", messages")
	for index in mini(received.size(), wanted.size()):
		equal(received[index], _frames(wanted[index]), about + ", message %d" % index)


func _frames(hex: Array) -> Array[PackedByteArray]:
	var frames: Array[PackedByteArray] = []
	for frame: String in hex:
		frames.append(frame.hex_decode())
	return frames
