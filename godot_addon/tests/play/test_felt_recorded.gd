extends SentioTestCase
## The demos adapt to a recording of a whole sidecar, with the confidence of its sensors: each is
## played twice, with adaptation and without, and the two demands are compared.

const RECORDING := "examples/recordings/simulated.frames"
## Seconds of one play: the recording twice.
const SECONDS := 150.0
## Smallest difference that counts, and in how many frames.
const DIFFERENCE := 0.05
const SHARE := 0.5

var _levels := PackedFloat64Array()


func test_emberfield_adapts_to_a_recording() -> void:
	var given := await _demands("arena", true)
	var usual := await _demands("arena", false)
	_check("Emberfield", given, usual)


func test_the_ledge_adapts_to_a_recording() -> void:
	var given := await _demands("ledge", true)
	var usual := await _demands("ledge", false)
	_check("ledge", given, usual)


# The demand of the stage [param name] in each step; the level of arousal beside it.
func _demands(name: String, adaptation: bool) -> PackedFloat64Array:
	var game := SentioStagePlay.new(self, name, "", adaptation, repository(RECORDING))
	_levels.clear()
	var demands := PackedFloat64Array()
	for step in int(SECONDS / SentioStagePlay.STEP):
		await game.play(SentioStagePlay.STEP)
		var frame := game.session.feed.fresh()
		_levels.append(frame.followed("arousal_level") if frame else NAN)
		demands.append(game.stage.demand())
	tear_down()
	return demands


func _check(what: String, given: PackedFloat64Array, usual: PackedFloat64Array) -> void:
	var different := 0
	var led := PackedFloat64Array()
	var levels := PackedFloat64Array()
	for index in given.size():
		different += int(absf(given[index] - usual[index]) >= DIFFERENCE)
		if is_finite(_levels[index]):
			led.append(given[index] - usual[index])
			levels.append(_levels[index])
	check(levels.size() > 0.8 * given.size(), "the level is known")
	var share := float(different) / given.size()
	# One slow swing of the person is too little for a correlation that means something: printed.
	print("%s: share %.2f, r %.2f" % [what, share, -DemoCourse.correlation(led, levels)])
	check(share >= SHARE, "%s differs from off in %.2f of the frames" % [what, share])
