extends SentioTestCase
## Unknown entry names and markers that are nearly known warn, with the nearest name.


func test_the_nearest_name_is_found() -> void:
	var names := SentioAffectFrame.names
	equal(SentioNameCheck.nearest("arousel", names, 0.5), "arousal", "one letter")
	equal(SentioNameCheck.nearest("Heart_Rate", names, 0.5), "heart_rate", "capitals")
	equal(SentioNameCheck.nearest("heartrate", names, 0.5), "heart_rate", "no line")
	equal(SentioNameCheck.nearest("qqqq", names, 0.5), "", "nothing alike")
	equal(
		SentioNameCheck.nearest("challengee", SentioNameCheck.MARKERS, 0.7), "challenge", "marker"
	)
	equal(SentioNameCheck.nearest("boss", SentioNameCheck.MARKERS, 0.7), "", "another marker")


func test_every_reader_of_a_frame_accepts_an_unknown_name() -> void:
	var frame := SentioAffectFrame.new()
	check(is_nan(frame.value("arousel")), "value")
	equal(frame.value("arousel", 0.5), 0.5, "value with a default")
	check(not frame.has("arousel"), "has")
	check(is_nan(frame.effective_value("arousel_level")), "effective_value")
	equal(frame.effective_confidence("arousel"), 0.0, "trust")
	check(is_nan(frame.age("arousel")), "age")
	check(is_nan(frame.confidence("arousel")), "confidence")


func test_a_name_warns_once() -> void:
	var before := SentioNameCheck._warned.size()
	for index in 3:
		SentioNameCheck.entry("a name of this test")
		SentioNameCheck.marker("challengee")
		SentioNameCheck.marker("success")
		SentioNameCheck.entry("")
	equal(SentioNameCheck._warned.size(), before + 2, "warnings")
