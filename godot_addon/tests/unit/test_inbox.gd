extends SentioTestCase
## What is left out of what was heard, and what is not.


func test_the_newest_state_wins_and_events_keep_their_order() -> void:
	var inbox := SentioInbox.new("", 1.0)
	var messages: Array[Array] = [
		[_state(1, 10.0)], [_event(4)], [_state(2, 10.1)], [_event(5)], [_state(3, 10.2)]
	]
	inbox.take(messages, NAN)
	equal(inbox.state.seq, 3, "newest")
	equal(inbox.superseded, 2, "superseded")
	equal(inbox.subject, "player", "the first person heard of is followed")
	equal(inbox.events.map(func(told: Array) -> int: return told[1]["id"]), [4, 5], "events")
	equal(inbox.missed_events, 0, "none missed")
	inbox.take([[_event(9)]], NAN)
	equal(inbox.missed_events, 3, "6, 7 and 8 never came")
	check(inbox.state == null, "no state this time")


func test_a_backlog_is_dropped_by_age_but_its_events_are_told() -> void:
	var inbox := SentioInbox.new("player", 1.0)
	inbox.take([[_state(1, 10.0)], [_event(1)]], 12.0)
	check(inbox.state == null, "too old")
	equal(inbox.outdated, 1, "counted")
	equal(inbox.events.size(), 1, "the event is told")
	inbox.take([[_state(2, 11.5)]], 12.0)
	equal(inbox.state.seq, 2, "young enough")


func test_repeated_and_older_states_are_left_out() -> void:
	var inbox := SentioInbox.new("player", 1.0)
	inbox.take([[_state(5, 1.0)]], NAN)
	inbox.take([[_state(5, 1.0)]], NAN)
	check(inbox.state == null, "seen already")
	inbox.take([[_state(4, 0.9)]], NAN)
	check(inbox.state == null, "older")
	inbox.take([[_state(0, 2.0, 8)]], NAN)
	equal(inbox.state.epoch, 8, "a new epoch counts anew")


func test_others_and_other_versions() -> void:
	var inbox := SentioInbox.new("guest", 1.0)
	inbox.take([[_state(1, 1.0)], [_event(1)]], NAN)
	check(inbox.state == null and inbox.events.is_empty(), "somebody else")
	var newer := FileAccess.get_file_as_bytes(repository("tests/vectors/messages/bad_version.bin"))
	inbox.take([[newer]], NAN)
	check(inbox.other_version > 1, "the other version is known")
	inbox.take([[PackedByteArray()], ["what?".to_utf8_buffer()]], NAN)
	equal(inbox.malformed, 2, "malformed")


func test_a_detail_is_decoded_when_asked() -> void:
	var inbox := SentioInbox.new("player", 1.0)
	var bytes := FileAccess.get_file_as_bytes(repository("tests/vectors/messages/detail.bin"))
	inbox.take([[bytes]], NAN)
	equal(inbox.decode_detail(inbox.detail_bytes)["state"], "ok", "detail")


func _state(seq: int, sent: float, epoch: int = 7) -> PackedByteArray:
	var vector := PackedByteArray()
	vector.resize(4 * SentioAffectFrame.MASK_ENTRIES)
	var head := PackedByteArray([0x87, 0xa1, 0x76, 1, 0xa1, 0x65, epoch, 0xa1, 0x6e, seq])
	var out := "affect/player".to_utf8_buffer() + PackedByteArray([0]) + head
	out.append_array(PackedByteArray([0xa1, 0x70, 0xcb]))
	var number := PackedByteArray()
	number.resize(8)
	number.encode_double(0, sent)
	number.reverse()
	out.append_array(number)
	out.append_array(PackedByteArray([0xa1, 0x73, 0, 0xa1, 0x6d, 1, 0xa1, 0x78, 0xc4, 240]))
	out.append_array(vector)
	return out


func _event(id: int) -> PackedByteArray:
	var body := {
		"v": 1, "epoch": 7, "id": id, "time": 1.0, "kind": "marker", "name": "a", "data": {}
	}
	var out := "event/player".to_utf8_buffer() + PackedByteArray([0])
	return out + SentioMsgpackWriter.new().write_map(body)
