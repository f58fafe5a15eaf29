extends SentioTestCase
## Frame files: written, read, cut at every byte, played, sought and looped.

const PATH := "user://test_player.frames"


func test_a_file_is_played_as_recorded() -> void:
	_write()
	var player := SentioPlayer.new()
	player.file = PATH
	player.autoplay = false
	var received: Array[int] = []
	var raised: Array[String] = []
	player.frame.connect(func(frame: SentioAffectFrame) -> void: received.append(frame.seq))
	player.event.connect(
		func(_who: String, body: Dictionary) -> void: raised.append(str(body["name"]))
	)
	add(player)
	player.set_process(false)
	equal(player.duration(), 3.0, "duration")
	check(player.play(), "plays")
	for step in 7:
		player.advance(0.5)
	equal(received, [0, 1, 2, 3], "states")
	equal(raised.size(), 1, "events")
	check(not player.playing, "paused at its end")
	equal(player.latest_detail.get("state"), "ok", "detail, decoded when asked")
	player.seek(2.0)
	equal(player.latest.seq, 2, "sought")
	equal(raised.size(), 1, "skipped events are not emitted")
	equal(player.link, SentioFeed.LinkState.SILENT, "link while paused")


func test_a_loop_restarts() -> void:
	_write()
	var player := SentioPlayer.new()
	player.file = PATH
	player.loop = true
	var ended := [0]
	player.finished.connect(func() -> void: ended[0] += 1)
	add(player)
	player.set_process(false)
	for step in 10:
		player.advance(1.0)
	check(ended[0] >= 2 and player.playing, "looped %d times" % ended[0])


func test_what_is_connected_may_play_again_or_open_another_file() -> void:
	_write()
	var player := _player()
	player.finished.connect(player.play, CONNECT_ONE_SHOT)
	player.advance(3.5)
	check(player.playing and player.position < 0.1, "played again: %.1f s" % player.position)
	equal(player.link, SentioFeed.LinkState.LIVE, "link")
	var after: Array[int] = []
	var close := func(_frame: SentioAffectFrame) -> void: player.file = ""
	player.frame.connect(close)
	player.event.connect(func(_who: String, _body: Dictionary) -> void: after.append(1))
	player.advance(3.5)
	equal(player.link, SentioFeed.LinkState.OFF, "closed by a frame")
	equal(after, [], "nothing of the closed file follows")
	player.frame.disconnect(close)
	player.file = PATH
	player.play()
	player.event.connect(func(_who: String, _body: Dictionary) -> void: player.seek(0.0))
	player.advance(3.5)
	check(player.playing and player.position < 0.1, "sought by an event: %.1f s" % player.position)


func test_other_files_are_refused_with_a_reason() -> void:
	var player := SentioPlayer.new()
	add(player)
	check(not player.load_file(repository("README.md")), "a text is refused")
	check("sentio export" in player.link_reason, "and the reason helps: " + player.link_reason)
	check(not player.load_file("user://nowhere.frames"), "no file")
	equal(player.link, SentioFeed.LinkState.REFUSED, "link")


func test_a_truncated_file_is_played_to_the_damage() -> void:
	_write()
	var whole := FileAccess.get_file_as_bytes(PATH)
	var cut := "user://test_cut.frames"
	var before := 0
	for length in range(SentioFrameFile.MAGIC.length(), whole.size(), 3):
		var file := FileAccess.open(cut, FileAccess.WRITE)
		file.store_buffer(whole.slice(0, length))
		file.close()
		var frames := SentioFrameFile.new()
		check(frames.open(cut), "opens")
		check(frames.size() >= before and frames.size() <= before + 1, "grows by records")
		before = frames.size()
		for index in frames.size():
			frames.message(index)
	equal(before, 5, "all but the last record")
	for hostile: Array in [[8, 0x7f], [16, 0xff], [19, 0xff]]:
		var bytes := whole.duplicate()
		bytes[hostile[0]] = hostile[1]
		var file := FileAccess.open(cut, FileAccess.WRITE)
		file.store_buffer(bytes)
		file.close()
		check(SentioFrameFile.new().open(cut), "damage at %d is survived" % hostile[0])


func test_a_file_holds_several_minor_versions() -> void:
	var folder := repository("tests/vectors")
	var text := FileAccess.get_file_as_string(folder.path_join("frames/mixed.json"))
	var messages: Array = JSON.parse_string(text)["messages"]
	var frames := SentioFrameFile.new()
	check(frames.open(folder.path_join("frames/mixed.frames")), "opens")
	equal(frames.size(), messages.size(), "messages")
	var reader := SentioAffectReader.new()
	for index in frames.size():
		var path := folder.path_join("messages/%s.bin" % messages[index])
		equal(frames.message(index), FileAccess.get_file_as_bytes(path), path)
		if path.get_file().begins_with("affect"):
			check(reader.read(frames.message(index)) != null, path + " is read")


func _write() -> void:
	var writer := SentioFrameFileWriter.new()
	check(writer.open(PATH), "written")
	var vectors := repository("tests/vectors/messages")
	var state := FileAccess.get_file_as_bytes(vectors.path_join("affect_ok.bin"))
	var at := state.find(0) + 10
	while state[at] != 0x6e:
		at += 1
	for seq in 4:
		state[at + 1] = seq
		writer.write(state, 100.0 + seq)
		if seq == 1:
			var detail := FileAccess.get_file_as_bytes(vectors.path_join("detail.bin"))
			var event := FileAccess.get_file_as_bytes(vectors.path_join("event_marker.bin"))
			writer.write(detail, 101.5)
			writer.write(event, 101.5)
	writer.close()
	equal(writer.count, 6, "messages")


func _player() -> SentioPlayer:
	var player := SentioPlayer.new()
	player.file = PATH
	add(player)
	player.set_process(false)
	return player
