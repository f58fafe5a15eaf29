extends SentioTestCase
## The companion mirrors a person, or responds supportively.

const SECONDS := 26.0


func test_it_mirrors_joy_and_sadness() -> void:
	var joy := await _face_of("joy", true)
	check(joy["mouthSmileLeft"] > 0.4, "it smiles back: %.2f" % joy["mouthSmileLeft"])
	var stress := await _face_of("stress", true)
	check(stress["mouthSmileLeft"] < 0.1, "no smile for stress")
	check(stress["mouthFrownLeft"] > 0.2, "it frowns with you: %.2f" % stress["mouthFrownLeft"])


func test_a_response_shares_joy_and_shows_concern_at_distress() -> void:
	var joy := await _face_of("joy", false)
	check(joy["mouthSmileLeft"] > 0.4, "joy is shared: %.2f" % joy["mouthSmileLeft"])
	var mirrored := await _face_of("stress", true)
	var answered := await _face_of("stress", false)
	check(answered["browInnerUp"] > 0.25, "concern: %.2f" % answered["browInnerUp"])
	check(answered["browDownLeft"] < 0.1, "never anger: %.2f" % answered["browDownLeft"])
	check(
		absf(answered["eyeWideLeft"] - mirrored["eyeWideLeft"]) > 0.05, "an answer is not a mirror"
	)


func test_with_adaptation_off_it_is_the_same_for_all() -> void:
	var one := await _face_of("joy", true, false)
	var other := await _face_of("stress", true, false)
	equal(one, other, "the same face")


func test_it_shows_that_adaptation_is_off() -> void:
	var game := SentioStagePlay.new(self, "character", "joy", false)
	var caption: Label = game.node("Caption")
	check("off" in caption.text and not "Tab" in caption.text, caption.text)


func test_a_key_switches_between_mirror_and_response() -> void:
	var game := SentioStagePlay.new(self, "character", "joy")
	var caption: Label = game.node("Caption")
	var before := caption.text
	var key := InputEventAction.new()
	key.action = "ui_focus_next"
	key.pressed = true
	game.stage._unhandled_input(key)
	check(before != caption.text and "answers" in caption.text, caption.text)


# Weights by name, without the eyes' own movements.
func _face_of(scenario: String, mirrors: bool, adaptation := true) -> Dictionary:
	var game := SentioStagePlay.new(self, "character", scenario, adaptation)
	game.stage._reply.mirrors = mirrors
	await game.play(SECONDS)
	var face: CompanionFace = game.stage._face
	var weights := {}
	for name in CompanionShapes.NAMES:
		if not name.begins_with("eyeLook") and not name.begins_with("eyeBlink"):
			weights[name] = face.get_blend_shape_value(face.find_blend_shape_by_name(name))
	tear_down()
	return weights
