extends SentioTestCase
## Every change is reported with its cause, requested and given value, and author.

const FRAME := 1.0 / 60.0


## A feed whose values the test sets; it keeps what was reported.
class HandFeed:
	extends SentioFeed
	var reported: Array[SentioAdaptation] = []
	var marks: Array[Dictionary] = []
	var connected := true
	var builder := SentioFrameBuilder.new("p7", 1)

	func show(values: Dictionary) -> void:
		latest = builder.build(values, "ok", 1.0)

	func age() -> float:
		return 0.0

	func mark(marker: StringName, data: Dictionary = {}) -> bool:
		if connected:
			marks.append({"name": marker, "data": data})
		return connected

	func about(what: StringName) -> Array[SentioAdaptation]:
		return reported.filter(func(one: SentioAdaptation) -> bool: return one.what == what)

	func _send_adaptation(adaptation: SentioAdaptation) -> bool:
		reported.append(adaptation)
		return true


func test_a_binding_reports_at_most_ten_changes_a_second_with_their_cause() -> void:
	var feed := _feed({"arousal_level": 0.1, "confidence": 0.9})
	var binding := _binding(feed)
	for step in 600:
		feed.show({"arousal_level": 0.5 + 0.5 * sin(step / 20.0), "confidence": 0.9})
		binding.advance(FRAME)
	var count := feed.about(&"lamp").size()
	check(count > 50 and count <= 101, "%d reports in ten seconds" % count)
	check(feed.reported[-1].why.begins_with("arousal_level 0."), feed.reported[-1].why)
	binding.adapt = false
	_run(binding, 8.0)
	check("adaptation is off" in feed.reported[-1].why, feed.reported[-1].why)
	var still := feed.reported.size()
	_run(binding, 3.0)
	equal(feed.reported.size(), still, "a value that stays is not reported again")


func test_a_limited_binding_reports_request_and_result() -> void:
	var feed := _feed({"arousal_level": 1.0, "confidence": 0.9})
	var binding := _binding(feed)
	binding.rails = add(SentioRails.new()) as SentioRails
	binding.rails.feed = feed
	binding.smoothing = 0.0
	binding.ease_seconds = 0.0
	_run(binding, 1.0)
	var last := feed.about(&"lamp")[-1]
	check(last.asked > last.value + 0.1, "asked %s, given %s" % [last.asked, last.value])
	check("limited by rails" in last.why, last.why)
	equal(feed.reported.size(), feed.about(&"lamp").size(), "the rails do not report it again")


func test_what_the_game_passes_through_rails_is_reported() -> void:
	var feed := _feed({})
	var rails := add(SentioRails.new()) as SentioRails
	rails.feed = feed
	rails.define(&"fog", 0.0, 1.0)
	for step in 60:
		rails.limit(&"fog", 1.0, FRAME)
	var fog := feed.about(&"fog")
	check(fog.size() >= 3 and fog.size() <= 11, str(fog.size()))
	equal(fog[-1].asked, 1.0, "asked")
	equal(fog[-1].why, "limited by the rail slew", "why")


func test_freezes_and_overrides_have_author_duration_and_end() -> void:
	var feed := _feed({"arousal_level": 0.5, "confidence": 0.9})
	var rails := add(SentioRails.new()) as SentioRails
	rails.feed = feed
	rails.freeze("therapist")
	rails.advance(1.0)
	rails.advance(1.0)
	rails.unfreeze("therapist")
	var freezes := feed.about(&"freeze")
	equal(freezes.size(), 2, "begin and end")
	equal([freezes[0].by, freezes[0].value], ["therapist", 1.0], "begin")
	near(freezes[1].seconds, 2.0, 1e-6, "duration")
	var binding := _binding(feed)
	binding.advance(FRAME)
	binding.hold_value(0.9, "therapist", 2.0)
	_run(binding, 1.0)
	near(binding.value, 0.9, 1e-6, "held")
	_run(binding, 3.0)
	near(binding.value, 0.5, 0.02, "released by itself")
	var held := feed.about(&"lamp").filter(
		func(one: SentioAdaptation) -> bool: return one.by == "therapist"
	)
	equal(held[0].why, "set by hand", "begin of the override")
	equal(held[-1].why, "released", "end of the override")
	near(held[-1].seconds, 2.0, 0.05, "duration of the override")
	rails.safe_stop("player")
	equal(feed.reported[-1].by, "player", "who stopped it")


func test_a_director_reports_a_new_cause_and_an_authored_hold() -> void:
	var feed := _feed({"arousal_level": 0.2, "confidence": 0.9})
	var director := add(SentioDirector.new()) as SentioDirector
	director.set_process(false)
	director.source = feed
	for step in 200:
		director.advance(FRAME)
	director.hold_value(0.9, "therapist", 1.0)
	for step in 120:
		director.advance(FRAME)
	var held := feed.about(&"demand").filter(
		func(one: SentioAdaptation) -> bool: return one.by == "therapist"
	)
	check(held.size() >= 2, "begin and end: %d" % held.size())
	near(held[-1].seconds, 1.0, 0.05, "duration")
	check(is_nan(director.manual_demand), "over")
	director.enter(SentioPacing.PacingState.RELAX, "therapist")
	equal(feed.reported[-1].why, "entered relax", "who moved it")


func test_presets_are_complete_and_do_what_they_are_called() -> void:
	var folder := "res://addons/sentio/presets"
	var found := 0
	for file in DirAccess.get_files_at(folder):
		var preset := load(folder.path_join(file)) as SentioPreset
		if not check(preset != null, file):
			continue
		found += 1
		check(preset.title and preset.about.length() > 60, "%s explains itself" % file)
		check(preset.entry in SentioAffectFrame.names, "%s: %s" % [file, preset.entry])
		for index in range(1, preset.points.size()):
			check(preset.points[index].x > preset.points[index - 1].x, "%s: increasing" % file)
	equal(found, 4, "presets")
	var scarier := load(folder + "/scarier_when_calm.tres") as SentioPreset
	check(scarier.response(0.1) > 0.8 and scarier.response(0.9) < 0.2, "scarier when calm")
	var ease_off := load(folder + "/ease_when_frustrated.tres") as SentioPreset
	check(ease_off.response(0.4) == 1.0 and ease_off.response(0.95) < 0.5, "ease when frustrated")
	var heart := load(folder + "/match_the_heart.tres") as SentioPreset
	near(heart.response(70.0), 0.25, 1e-6, "match the heart, in a straight line")
	var breath := load(folder + "/breathe_with_me.tres") as SentioPreset
	check(breath.response(6.0) > breath.response(15.0) + 0.5, "breathe with me")


func test_a_binding_and_a_director_take_a_preset() -> void:
	var feed := _feed({"heart_rate": 130.0, "confidence": 0.9})
	var binding := _binding(feed)
	binding.preset = load("res://addons/sentio/presets/match_the_heart.tres") as SentioPreset
	_run(binding, 8.0)
	near(binding.value, 1.0, 0.01, "follows the heart")
	var director := add(SentioDirector.new()) as SentioDirector
	director.set_process(false)
	director.source = feed
	director.preset = binding.preset
	for step in 300:
		director.advance(FRAME)
	near(director.intensity, 1.0, 0.05, "the heart as an intensity")


func test_a_comparison_switches_everything_and_reports_the_arm() -> void:
	var root := add(Node.new())
	var feed := HandFeed.new()
	feed.subject = "p7"
	root.add_child(feed)
	var binding := SentioBinding.new()
	var director := SentioDirector.new()
	root.add_child(binding)
	binding.add_child(director)
	var comparison := SentioComparison.new()
	comparison.assign_when_ready = false
	comparison.assignment = SentioComparison.Assignment.OFF
	root.add_child(comparison)
	equal(comparison.assign(), SentioComparison.Arm.OFF, "arm")
	check(not binding.adapt and not director.adapt, "everything below the root")
	equal(feed.marks[-1]["data"]["arm"], "off", "marker")
	equal(feed.about(&"arm")[-1].why, "off, fixed", "report")
	comparison.assignment = SentioComparison.Assignment.BLOCKS
	comparison.block_seconds = 10.0
	var first := comparison.assign()
	for step in 11:
		comparison.advance(1.0)
	check(comparison.arm != first, "next block")
	comparison.switch_to(SentioComparison.Arm.ADAPTIVE, "therapist")
	equal(feed.reported[-1].by, "therapist", "author")
	check(binding.adapt, "on again")


func test_an_arm_by_subject_waits_for_the_subject() -> void:
	var root := add(Node.new())
	var feed := HandFeed.new()
	root.add_child(feed)
	var comparison := SentioComparison.new()
	comparison.assign_when_ready = false
	root.add_child(comparison)
	comparison.assign()
	comparison.advance(1.0)
	check("no state has named the subject" in comparison.status, comparison.status)
	equal(feed.marks.size(), 0, "nothing is assigned without a subject")
	for subject: String in ["p0", "p4"]:
		feed.builder = SentioFrameBuilder.new(subject, 1)
		feed.show({"confidence": 0.9})
		comparison.assign()
		comparison.advance(1.0)
		equal(comparison.arm, SentioComparison.arm_of(subject, "study"), "arm of " + subject)
	equal(feed.marks[0]["data"]["arm"] == feed.marks[-1]["data"]["arm"], false, "two arms")


func test_every_recording_has_the_arm() -> void:
	var root := add(Node.new())
	var feed := HandFeed.new()
	feed.connected = false
	root.add_child(feed)
	var comparison := SentioComparison.new()
	comparison.assign_when_ready = false
	comparison.assignment = SentioComparison.Assignment.OFF
	root.add_child(comparison)
	comparison.assign()
	comparison.advance(1.0)
	equal(feed.about(&"arm").size(), 1, "the game reports once")
	feed.connected = true
	comparison.advance(1.0)
	comparison.advance(1.0)
	equal(feed.marks.size(), 1, "told when the sidecar is connected, once")
	feed.event.emit("p7", {"kind": "recording", "name": "started", "data": {}})
	comparison.advance(1.0)
	equal(feed.marks.size(), 2, "a recording that begins later")
	feed.link_state_changed.emit(SentioFeed.LinkState.LOST, "")
	comparison.advance(1.0)
	equal(feed.marks.size(), 3, "another sidecar")
	equal(feed.marks[-1]["data"], {"arm": "off", "how": "fixed", "study": "study"}, "data")
	var late := SentioBinding.new()
	root.add_child(late)
	check(not late.adapt, "what is added later is off too")
	comparison.switch_to(SentioComparison.Arm.ADAPTIVE, "therapist")
	check(late.adapt, "and on")


func test_rails_report_to_the_nearest_feed() -> void:
	var root := add(Node.new())
	var rails := SentioRails.new()
	root.add_child(rails)
	rails.freeze("therapist")
	var feed := HandFeed.new()
	root.add_child(feed)
	rails.advance(1.0)
	rails.unfreeze("therapist")
	rails.freeze("therapist")
	rails.safe_stop("therapist")
	equal(feed.reported.size(), 3, "each is reported, also before anything is limited")
	feed.free()
	rails.unfreeze("therapist")
	var next := HandFeed.new()
	root.add_child(next)
	rails.advance(1.0)
	rails.freeze("therapist")
	equal(next.reported.size(), 1, "to the next feed")


func test_rails_forget_bindings_that_are_gone() -> void:
	var rails := add(SentioRails.new()) as SentioRails
	for number in 20:
		var light := add(OmniLight3D.new()) as OmniLight3D
		var binding := SentioBinding.new()
		binding.property = ^"light_energy"
		binding.is_light = true
		binding.rails = rails
		light.add_child(binding)
		binding.advance(FRAME)
		binding.refresh()
		binding.advance(FRAME)
		equal(rails._lights.size(), 1, "the one that is there")
		light.free()
	equal(rails._limiters.size(), 0, "limits of what is gone")
	equal(rails._lights.size(), 0, "flashes of what is gone")


func test_rails_that_come_later_have_the_range_of_the_binding() -> void:
	var feed := _feed({"arousal_level": 1.0, "confidence": 0.9})
	var binding := _binding(feed)
	binding.points = [Vector2(0.0, 0.0), Vector2(1.0, 4.0)]
	_run(binding, 8.0)
	binding.rails = add(SentioRails.new()) as SentioRails
	_run(binding, 8.0)
	check(binding.value > 3.8, "%.2f, not clamped to 0..1" % binding.value)


func test_arms_are_balanced_and_the_same_for_a_subject() -> void:
	var off := 0
	for number in 400:
		off += SentioComparison.arm_of("p%03d" % number, "dread")
	check(off > 160 and off < 240, "%d of 400 off" % off)
	equal(
		SentioComparison.arm_of("p001", "dread"), SentioComparison.arm_of("p001", "dread"), "same"
	)
	# Equal to the Unity package's (ComparisonTests).
	var line := ""
	for number in 16:
		line += str(SentioComparison.arm_of("p%d" % number, "study"))
	equal(line, "1111010010101111", "the first sixteen")


func test_the_line_for_players_names_what_and_why_in_plain_words() -> void:
	var feed := _feed({})
	var why := add(SentioWhy.new()) as SentioWhy
	why.set_process(false)
	why.source = feed
	why.words = {&"demand": "the pace of the shades"}
	why.advance(0.1)
	feed.report(SentioAdaptation.new(&"demand", 0.4, "build-up, arousal_level 0.30 for 0.60"))
	equal(why.line, "the pace of the shades: you seem calm", "line")
	feed.report(SentioAdaptation.new(&"demand", 0.5, "peak, arousal_level 0.50 for 0.60"))
	equal(why.line, "the pace of the shades: because of how stirred up you seem", "middling")
	feed.report(SentioAdaptation.new(&"demand", 0.1, "fade, arousal_level 0.97 for 0.60"))
	equal(why.line, "the pace of the shades: you seem stirred up", "high")
	feed.report(SentioAdaptation.new(&"demand", 0.2, "build-up, arousal_level 0.97 for 0.60"))
	equal(
		why.line, "the pace of the shades: because of how stirred up you seem", "pacing raised it"
	)
	feed.report(SentioAdaptation.new(&"freeze", 1.0, "frozen").authored("therapist"))
	equal(why.line, "Freeze: frozen by therapist", "author")
	feed.report(SentioAdaptation.new(&"fog", 1.0, "stress_level has confidence 0.01, below 0.02"))
	equal(why.line, "Fog: not sure, the usual course", "the true cause")
	why.advance(0.5)
	check(why.visible, "shown")
	equal(
		why.describe(SentioAdaptation.new(&"Lamp:light_energy", 1.0, "held")),
		"Light Energy: held",
		"a binding without a name"
	)
	why.show_line = false
	why.advance(0.1)
	check(not why.visible, "switched off")


func test_the_line_for_players_stays_within_a_small_window() -> void:
	var window := SubViewport.new()
	window.size = Vector2i(320, 480)
	add(window)
	var feed := _feed({})
	var why := SentioWhy.new()
	why.source = feed
	why.set_anchors_preset(Control.PRESET_CENTER_BOTTOM)
	why.grow_horizontal = Control.GROW_DIRECTION_BOTH
	why.grow_vertical = Control.GROW_DIRECTION_BEGIN
	window.add_child(why)
	why.advance(0.1)
	for words: String in ["held until all are ready ".repeat(5), "held"]:
		feed.report(SentioAdaptation.new(&"demand", 0.3, words))
		await tree.process_frame
		await tree.process_frame
		var place := why.get_global_rect()
		check(Rect2(Vector2.ZERO, window.size).encloses(place), "%s within it" % place)
		near(place.get_center().x, 160.0, 1.0, "in its middle")
	equal(why._label.autowrap_mode, TextServer.AUTOWRAP_OFF, "a short one on one line")
	window.free()


func test_points_of_a_response_are_dragged_in_order() -> void:
	var preset := load("res://addons/sentio/presets/scarier_when_calm.tres") as SentioPreset
	var copy := preset.duplicate() as SentioPreset
	var view := add(SentioResponseView.new(copy)) as SentioResponseView
	view.size = Vector2(300, 130)
	var place := view.to_view(copy.points[1])
	equal(view.point_at(place + Vector2(3, 0)), 1, "found")
	view.move(1, view.to_view(Vector2(0.5, 0.1)))
	near(copy.points[1].y, 0.1, 1e-3, "moved")
	view.move(1, view.to_view(Vector2(0.99, 0.1)))
	check(copy.points[1].x < copy.points[2].x, "in order")
	view.move(0, view.to_view(Vector2(0.4, 0.2)))
	near(copy.points[0].x, 0.0, 1e-6, "the end keeps its x")


func _feed(values: Dictionary) -> HandFeed:
	var feed := add(HandFeed.new()) as HandFeed
	feed.show(values)
	return feed


func _binding(feed: SentioFeed) -> SentioBinding:
	var lamp := add(OmniLight3D.new()) as OmniLight3D
	var binding := SentioBinding.new()
	binding.set_process(false)
	binding.source = feed
	binding.what = &"lamp"
	binding.property = ^"light_energy"
	lamp.add_child(binding)
	return binding


func _run(binding: SentioBinding, seconds: float) -> void:
	for step in roundi(seconds / FRAME):
		binding.advance(FRAME)
