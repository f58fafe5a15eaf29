extends SentioTestCase
## Which received messages are dropped, and which are not.

var _messages := SentioVectorMessages.new()


func test_the_newest_state_wins_and_events_keep_their_order() -> void:
	var mailbox := SentioStateMailbox.new("", 1.0)
	var messages: Array[Array] = [
		[_messages.state(1, 10.0)],
		[_messages.event(4)],
		[_messages.state(2, 10.1)],
		[_messages.event(5)],
		[_messages.state(3, 10.2)]
	]
	mailbox.take(messages, NAN)
	equal(mailbox.state.seq, 3, "newest")
	equal(mailbox.superseded, 2, "superseded")
	equal(mailbox.subject, "player", "the first subject is followed")
	equal(mailbox.events.map(func(raised: Array) -> int: return raised[1]["id"]), [4, 5], "events")
	equal(mailbox.missed_events, 0, "none missed")
	mailbox.take([[_messages.event(9)]], NAN)
	equal(mailbox.missed_events, 3, "6, 7 and 8 never came")
	check(mailbox.state == null, "no state this time")


func test_a_backlog_is_dropped_by_age_but_its_events_are_kept() -> void:
	var mailbox := SentioStateMailbox.new("player", 1.0)
	mailbox.take([[_messages.state(1, 10.0)], [_messages.event(1)]], 12.0)
	check(mailbox.state == null, "too old")
	equal(mailbox.outdated, 1, "counted")
	equal(mailbox.events.size(), 1, "the event is kept")
	mailbox.take([[_messages.state(2, 11.5)]], 12.0)
	equal(mailbox.state.seq, 2, "young enough")


func test_repeated_and_older_states_are_dropped() -> void:
	var mailbox := SentioStateMailbox.new("player", 1.0)
	mailbox.take([[_messages.state(5, 1.0)]], NAN)
	mailbox.take([[_messages.state(5, 1.0)]], NAN)
	check(mailbox.state == null, "seen already")
	mailbox.take([[_messages.state(4, 0.9)]], NAN)
	check(mailbox.state == null, "older")
	mailbox.take([[_messages.state(0, 2.0, 8)]], NAN)
	equal(mailbox.state.epoch, 8, "a new epoch counts from its own start")


func test_others_and_other_versions() -> void:
	var mailbox := SentioStateMailbox.new("guest", 1.0)
	mailbox.take([[_messages.state(1, 1.0)], [_messages.event(1)]], NAN)
	check(mailbox.state == null and mailbox.events.is_empty(), "another subject")
	var newer := FileAccess.get_file_as_bytes(repository("tests/vectors/messages/bad_version.bin"))
	mailbox.take([[newer]], NAN)
	check(mailbox.other_version > 1, "the other version is known")
	mailbox.take([[PackedByteArray()], ["what?".to_utf8_buffer()]], NAN)
	equal(mailbox.malformed, 2, "malformed")


func test_a_detail_is_decoded_on_demand() -> void:
	var mailbox := SentioStateMailbox.new("player", 1.0)
	var bytes := FileAccess.get_file_as_bytes(repository("tests/vectors/messages/detail.bin"))
	mailbox.take([[bytes]], NAN)
	equal(mailbox.decode_detail(mailbox.detail_bytes)["state"], "ok", "detail")
