extends SentioTestCase
## The breathing garden grows with coherence, waits without, and always grows without adaptation.

const SECONDS := 110.0


func test_coherence_is_rewarded() -> void:
	var calm := SentioStagePlay.new(self, "garden", "recovery")
	await calm.play(SECONDS)
	var tense := SentioStagePlay.new(self, "garden", "recovery")
	tense.session.play("stress")
	await tense.play(SECONDS)
	var breath: SentioBreathing = calm.node("Breath")
	check(breath.coherence > 0.5, "the calm heart follows: %.2f" % breath.coherence)
	check(
		calm.stage._growth > tense.stage._growth + 0.2,
		"growth %.2f calm, %.2f tense" % [calm.stage._growth, tense.stage._growth]
	)
	check(calm.stage._glow > tense.stage._glow + 0.2, "and the orb glows")
	check(breath.breaths >= 8, "breaths: %d" % breath.breaths)


func test_with_adaptation_off_it_always_grows() -> void:
	var grown: Array[float] = []
	for scenario: String in ["stress", "rest"]:
		var game := SentioStagePlay.new(self, "garden", "recovery", false)
		game.session.play(scenario)
		await game.play(60.0)
		grown.append(game.stage._growth)
	equal(grown[0], grown[1], "the same for both")
	check(grown[0] > 0.3, "it grows: %.2f" % grown[0])


func test_it_stays_on_the_desktop_without_a_headset() -> void:
	var game := SentioStagePlay.new(self, "garden", "rest")
	check(not tree.root.use_xr, "the desktop keeps the picture")
	check((game.node("Camera") as Camera3D).current, "through the desktop's camera")


func test_the_garden_switches_to_a_headset_and_back() -> void:
	var real := XRServer.find_interface("OpenXR")
	if real:
		XRServer.remove_interface(real)
	var headset := Headset.new()
	XRServer.add_interface(headset)
	var view := SubViewport.new()
	var eyes := XRCamera3D.new()
	view.add_child(eyes)
	add(view)
	check(not GardenHeadset.take(view, eyes), "a headset that is not started is left alone")
	headset.started = true
	check(GardenHeadset.take(view, eyes), "one that is started is used")
	check(view.use_xr and eyes.current, "it shows what the eyes see")
	GardenHeadset.give_back(view)
	check(not view.use_xr, "and is given back")
	XRServer.remove_interface(headset)
	if real:
		XRServer.add_interface(real)


## Mock of an OpenXR runtime.
class Headset:
	extends XRInterfaceExtension

	var started := false

	func _get_name() -> StringName:
		return &"OpenXR"

	func _is_initialized() -> bool:
		return started

	func _get_capabilities() -> int:
		return XRInterface.XR_STEREO

	func _get_view_count() -> int:
		return 2

	func _get_render_target_size() -> Vector2:
		return Vector2(64, 64)
