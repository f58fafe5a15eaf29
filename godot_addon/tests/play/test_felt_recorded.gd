extends SentioTestCase
## The demos adapt to a recording of a whole sidecar, with the confidence of its sensors, and follow
## the arousal that its simulated person had.

const RECORDING := "examples/recordings/simulated.frames"
## Seconds of one play: the recording twice.
const SECONDS := 150.0
## The person of the recording: when rest ends and what follows, and how long the change takes
## (the scenario "demo" of the sidecar).
const REST_SECONDS := 40.0
const REST := -0.5
const STRESS := 0.8
const BLEND := 6.0


func test_emberfield_follows_a_recording() -> void:
	await _check("arena", -1.0)


func test_the_ledge_follows_a_recording() -> void:
	await _check("ledge", -1.0)


func test_the_corridor_follows_a_recording() -> void:
	await _check("corridor", -1.0)


func test_the_companion_follows_a_recording() -> void:
	await _check("character", 1.0)


func _check(stage: String, sign_of: float) -> void:
	var both := SentioFeltPlay.new(self, stage, "", repository(RECORDING))
	var player := both.adapting().session.feed as SentioPlayer
	for step in int(SECONDS / SentioStagePlay.STEP):
		await both.step(_truth(player.position))
	both.check(self, stage + " from a recording", sign_of)


static func _truth(seconds: float) -> float:
	return lerpf(REST, STRESS, smoothstep(REST_SECONDS, REST_SECONDS + BLEND, seconds))
