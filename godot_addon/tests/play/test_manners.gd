extends SentioTestCase
## Defaults for every player: no raw numbers, no flashing, a choice.

const STAGES: Array[String] = ["menu", "arena", "corridor", "garden", "ledge", "character"]


func test_players_are_shown_no_raw_numbers() -> void:
	var number := RegEx.create_from_string("\\d+[.,]\\d+|\\d+ ?%|\\d+ ?(/min|bpm|ms)")
	for name in STAGES:
		var game := SentioStagePlay.new(self, name, "stress")
		await game.play(8.0)
		var output := _words(game.stage)
		check(not output.is_empty() or name == "arena", name + " shows text")
		check(number.search(output) == null, "%s shows a raw number: %s" % [name, output])
		tear_down()


func test_the_overlay_is_hidden_until_it_is_toggled() -> void:
	var demo: Node = (load("res://demo/main.tscn") as PackedScene).instantiate()
	add(demo)
	var hud: SentioHud = demo.get_node("Hud")
	check(not hud.visible, "hidden")
	var key := InputEventKey.new()
	key.keycode = KEY_F3
	key.pressed = true
	hud._unhandled_key_input(key)
	check(hud.visible, "and shown by its key")


func test_flashes_are_limited_and_softened_by_default() -> void:
	var rails := SentioRails.new()
	check(rails.photosensitivity, "rails hold flashes back")
	rails.free()
	check(DemoSettings.new().reduced_flashing, "the demo is soft")
	var game := SentioStagePlay.new(self, "arena", "stress")
	var pacing: ArenaPacing = game.node("Pacing")
	check(pacing.rails.photosensitivity, "in the arena too")
	check((game.node("Bursts") as ArenaBursts).reduced, "sparks are dim")
	game.stage._on_hurt(4)
	equal(game.stage._shake, 0.0, "the picture does not shake")
	var unlimited := SentioRails.new()
	unlimited.photosensitivity = false
	equal(unlimited._get_configuration_warnings().size(), 1, "switching it off warns")
	unlimited.free()


func test_a_frozen_corridor_waits_and_a_stopped_one_is_clear() -> void:
	var game := SentioStagePlay.new(self, "corridor", "sliders")
	(game.session.feed as SentioSimulator).arousal = -0.8
	await game.play(10.0)
	var rails: SentioRails = game.node("Rails")
	var air := (game.node("World") as WorldEnvironment).environment
	var walked: float = game.stage.get("_walked")
	var fog := air.fog_density
	check(walked > 0.0 and fog > 0.05, "a calm player walks in fog: %f" % fog)
	rails.freeze()
	await game.play(20.0)
	equal(game.stage.get("_walked"), walked, "frozen: no step")
	equal(air.fog_density, fog, "and no other air")
	check(not (game.node("Figure") as Node3D).visible, "and no scare")
	rails.unfreeze()
	rails.safe_stop()
	await game.play(3.0)
	near(air.fog_density, CorridorGloom.FOG.x, 1e-6, "clear after a safe stop")
	equal(game.stage.get("_walked"), walked, "and no step")


func test_adaptation_and_flashing_are_the_players_choice() -> void:
	var game := SentioStagePlay.new(self, "menu", "joy")
	var before := FileAccess.get_file_as_bytes(DemoSettings.PATH)
	var choice: CheckButton = game.node("Adaptation")
	check(choice.button_pressed, "on at first")
	choice.button_pressed = false
	check(not game.session.settings.adaptation and not game.session.mood.active, "switched off")
	await game.play(6.0)
	near(game.session.mood.arousal, 0.0, 0.05, "and the look is neutral again")
	var kept := DemoSettings.new()
	kept.read()
	check(not kept.adaptation, "and stays so")
	if before.is_empty():
		DirAccess.remove_absolute(DemoSettings.PATH)
	else:
		FileAccess.open(DemoSettings.PATH, FileAccess.WRITE).store_buffer(before)


func test_the_mood_is_neutral_after_a_lost_sidecar() -> void:
	var mood := DemoMood.new()
	var feed := Gone.new()
	var person: SentioSimulator = add(SentioSimulator.new())
	person.realism = "ideal"
	person.advance(0.1)
	feed.latest = person.latest
	check(feed.latest.value("confidence", 0.0) > 0.5, "it was sure, then")
	add(feed)
	mood.feed = feed
	add(mood)
	mood.arousal = 0.9
	mood._process(60.0)
	near(mood.arousal, 0.0, 0.01, "an old state is not used")
	check(not mood.known, "and is not known")


func _words(root: Node) -> String:
	var all := PackedStringArray()
	for node: Node in root.find_children("*", "", true, false):
		if node is Label or node is Button or node is Label3D or node is RichTextLabel:
			all.append(str(node.get("text")))
	return "\n".join(all)


## A feed whose last state is an hour old.
class Gone:
	extends SentioFeed

	func age() -> float:
		return 3600.0
