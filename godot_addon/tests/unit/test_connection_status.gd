extends SentioTestCase
## Link states from connecting to live, silent, lost and refused, each with its reason.

const PORT := 9

var _link := SentioLink.new("127.0.0.1", PORT, "SUB", "", [], SentioLinkLimits.new())
var _status := SentioConnectionStatus.new("here:9", false, "")


func test_from_connecting_to_live_to_silent_and_back() -> void:
	check("looking" in _status.reason, _status.reason)
	_come_up()
	_update(10.0, SentioFeed.LinkState.CONNECTING, "a connection alone is not yet live")
	_status.received = 10.1
	_update(10.1, SentioFeed.LinkState.LIVE, "a state arrived")
	_update(11.5, SentioFeed.LinkState.LIVE, "a short silence changes nothing")
	_update(11.7, SentioFeed.LinkState.SILENT, "this long is")
	check("sends no state" in _status.reason and not "''" in _status.reason, _status.reason)
	_status.received = 12.0
	_update(12.0, SentioFeed.LinkState.LIVE, "states arrive again")


func test_silence_is_measured_from_the_new_connection() -> void:
	_come_up()
	_status.received = 1.0
	_update(1.0, SentioFeed.LinkState.LIVE, "live")
	_fail("lost", 1)
	_update(60.0, SentioFeed.LinkState.LOST, "lost")
	_fail("timeout", 1)
	_update(60.1, SentioFeed.LinkState.LOST, "no handshake: it is stopped")
	check("does not respond" in _status.reason, _status.reason)
	_come_up()
	_update(61.0, SentioFeed.LinkState.LOST, "up again, no state yet")
	_update(62.0, SentioFeed.LinkState.LOST, "it may take its time")
	_update(62.6, SentioFeed.LinkState.SILENT, "but not for ever")


func test_a_sidecar_that_was_never_connected_is_not_lost() -> void:
	_fail("unreachable", 0)
	_update(1.0, SentioFeed.LinkState.CONNECTING, "never reached")
	check("sentio run" in _status.reason, _status.reason)


func test_failures_that_a_retry_cannot_resolve_are_refused() -> void:
	for code: String in ["mechanism", "refused", "version", "signature", "socket_type"]:
		_fail(code, 3)
		_update(1.0, SentioFeed.LinkState.REFUSED, code)
		check(not _status.reason.is_empty(), "a reason for " + code)


func test_another_version_takes_precedence() -> void:
	_come_up()
	_status.received = 1.0
	_status.update(1.0, _link, 2)
	equal(_status.state, SentioFeed.LinkState.REFUSED, "refused")
	check("version 2 needed" in _status.reason, _status.reason)


func test_an_expected_subject_is_named() -> void:
	_status = SentioConnectionStatus.new("here:9", false, "anna")
	_come_up()
	_status.update(1.0, _link, 0)
	_status.update(3.0, _link, 0)
	check("'anna'" in _status.reason, _status.reason)


func _update(time: float, wanted: SentioFeed.LinkState, what: String) -> void:
	_status.update(time, _link, 0)
	equal(_status.state, wanted, what)


func _come_up() -> void:
	_link.state = SentioLink.State.UP
	_link.ups += 1


func _fail(code: String, ups: int) -> void:
	_link.state = SentioLink.State.WAITING
	_link.code = code
	_link.ups = ups
