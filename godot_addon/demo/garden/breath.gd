class_name GardenBreath
extends Node
## The paced breath of the garden, and how far the player's heart follows it.

const WORDS := {
	SentioBreathingPace.Stage.INHALE: "breathe in",
	SentioBreathingPace.Stage.HOLD: "hold",
	SentioBreathingPace.Stage.EXHALE: "breathe out",
	SentioBreathingPace.Stage.REST: "rest",
}

## How full the lungs should be, 0..1.
var fullness := 0.0
## How far heart and breath come together, 0..1; 0 while it is not known.
var coherence := 0.0
## What to do, in a word.
var cue := ""

var _session: DemoSession
var _pace := SentioBreathingPace.new()
var _together := SentioCoherence.new()


## Follows the heart of [param session]'s feed.
func set_up(session: DemoSession) -> void:
	_session = session


## Lets [param delta] seconds go by.
func advance(delta: float) -> void:
	fullness = _pace.step(delta)
	cue = WORDS[_pace.stage]
	var frame: SentioAffectFrame = null
	if is_instance_valid(_session.feed):
		frame = _session.feed.latest
	var heart := frame.value("heart_rate") if frame else NAN
	var now := _together.step(delta, _pace.phase, heart)
	coherence = 0.0 if is_nan(now) else now
