extends SentioTestCase
## The demos follow the simulated person of a running sidecar, in real time. Its scenario alternates
## between segments named CALM and TENSE, whose markers state when they begin.
##
## SENTIO_PORTS in the environment has its ports: state,control.

## Arousal of the segments, and how long a change takes.
const TRUTH: Dictionary[String, float] = {"calm": -0.6, "tense": 0.8}
const BLEND := 6.0
const SECONDS := 170.0
## Demos, and whether their demand rises or falls with arousal.
const SIGNS: Dictionary[String, float] = {
	"arena": -1.0, "ledge": -1.0, "corridor": -1.0, "character": 1.0
}

var _from := NAN
var _to := NAN
var _changed := 0.0
var _samples := 0
var _levels := PackedFloat64Array()
var _known := PackedFloat64Array()


func test_the_demos_follow_a_running_sidecar() -> void:
	var ports := OS.get_environment("SENTIO_PORTS").split(",")
	if ports.size() != 2:
		skipped = "SENTIO_PORTS is not set"
		return
	var connection := SentioConnection.new()
	connection.state_port = int(ports[0])
	connection.control_port = int(ports[1])
	var plays: Dictionary[String, SentioFeltPlay] = {}
	for stage in SIGNS:
		plays[stage] = SentioFeltPlay.new(self, stage, "", "", connection)
	plays["arena"].adapting().session.feed.event.connect(_take)
	var ends := Time.get_ticks_msec() + int(1000.0 * SECONDS)
	while Time.get_ticks_msec() < ends:
		var due := Time.get_ticks_msec() + int(1000.0 * SentioStagePlay.STEP)
		_note(plays["arena"].adapting().session.feed)
		for stage in plays:
			# Without a state, as on a busy machine, there is nothing to follow.
			var feed := plays[stage].adapting().session.feed
			await plays[stage].step(_truth() if feed.fresh_frame() else NAN)
		while Time.get_ticks_msec() < due:
			await tree.process_frame
	check(_known.size() > 0.5 * _samples, "states in %d of %d samples" % [_known.size(), _samples])
	print("level r %.2f" % DemoCourse.correlation(_levels, _known))
	for stage in plays:
		plays[stage].check(self, stage + " with a sidecar", SIGNS[stage])


# How well the sidecar itself follows its person, beside the demos.
func _note(feed: SentioFeed) -> void:
	var frame := feed.fresh_frame()
	_samples += int(is_finite(_truth()))
	if frame and frame.effective_confidence("arousal_level") > 0.0 and is_finite(_truth()):
		_levels.append(frame.effective_value("arousal_level"))
		_known.append(_truth())


func _take(_who: String, body: Dictionary) -> void:
	if body.get("kind") != "marker" or not TRUTH.has(body["name"]):
		return
	_from = TRUTH[body["name"]] if is_nan(_to) else _to
	_to = TRUTH[body["name"]]
	_changed = Time.get_ticks_msec() / 1000.0


func _truth() -> float:
	var since := Time.get_ticks_msec() / 1000.0 - _changed
	return lerpf(_from, _to, smoothstep(0.0, BLEND, since))
