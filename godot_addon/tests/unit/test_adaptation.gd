extends SentioTestCase
## Reports that a sidecar would refuse are named instead of lost.


class TakingFeed:
	extends SentioFeed
	var sent := 0

	func _send_adaptation(_adaptation: SentioAdaptation) -> bool:
		sent += 1
		return true


func test_what_a_sidecar_takes_is_sent() -> void:
	var feed := add(TakingFeed.new()) as TakingFeed
	for what: String in ["demand", "x".repeat(256), "\U01f600".repeat(256), "Light: energy\n2"]:
		var made := SentioAdaptation.new(StringName(what), 0.5, "y".repeat(2048))
		equal(made.authored("z".repeat(256)).problem(), "", "%d characters" % what.length())
		check(feed.report(made), "sent")
	equal(feed.sent, 4, "all")


func test_what_it_would_refuse_is_named() -> void:
	var feed := add(TakingFeed.new()) as TakingFeed
	var shown: Array[SentioAdaptation] = []
	feed.adapted.connect(func(one: SentioAdaptation) -> void: shown.append(one))
	var wrong := {
		"1 to 256 characters, got 0": SentioAdaptation.new(&"", 0.5),
		"1 to 256 characters, got 257": SentioAdaptation.new(StringName("x".repeat(257)), 0.5),
		"not a finite number": SentioAdaptation.new(&"demand", NAN),
		"finite": SentioAdaptation.new(&"demand", INF),
		"author": SentioAdaptation.new(&"demand", 0.5).authored("z".repeat(257)),
		"a cause": SentioAdaptation.new(&"demand", 0.5, "y".repeat(2049)),
	}
	for words: String in wrong:
		var made: SentioAdaptation = wrong[words]
		check(words in made.problem(), made.problem())
		check(not feed.report(made), words)
	equal(feed.sent, 0, "none is sent")
	equal(shown.size(), wrong.size(), "the game sees them")
