@tool
class_name SentioScenario
extends RefCounted
## Scenarios of a simulated person: targets over time.
##
## A scenario is a list of keyframes with times in seconds, interpolated smoothly and
## repeated. A value that a keyframe omits is at rest.

## Values that scenarios and sliders set, at rest.
const REST := {
	"valence": 0.15,
	"arousal": -0.35,
	"dominance": 0.1,
	"stress": 0.18,
	"engagement": 0.35,
	"relaxation": 0.65,
	"focus": 0.4,
	"heart_rate": 64.0,
	"breathing_rate": 12.0,
}

const _KEYS := {
	"rest": [[0.0, {}], [40.0, {"valence": 0.25, "relaxation": 0.72}], [80.0, {}]],
	"stress":
	[
		[0.0, {"arousal": -0.1}],
		[
			12.0,
			{
				"valence": -0.45,
				"arousal": 0.6,
				"dominance": -0.35,
				"stress": 0.8,
				"engagement": 0.7,
				"relaxation": 0.12,
				"heart_rate": 98.0,
				"breathing_rate": 18.0,
			}
		],
		[
			32.0,
			{
				"valence": -0.6,
				"arousal": 0.75,
				"dominance": -0.5,
				"stress": 0.9,
				"engagement": 0.75,
				"relaxation": 0.08,
				"heart_rate": 106.0,
				"breathing_rate": 20.0,
			}
		],
		[60.0, {"arousal": -0.1}],
	],
	"joy":
	[
		[0.0, {"valence": 0.3, "arousal": 0.0}],
		[
			8.0,
			{
				"valence": 0.8,
				"arousal": 0.5,
				"dominance": 0.4,
				"stress": 0.12,
				"engagement": 0.85,
				"relaxation": 0.5,
				"focus": 0.6,
				"heart_rate": 82.0,
				"breathing_rate": 15.0,
			}
		],
		[
			30.0,
			{
				"valence": 0.7,
				"arousal": 0.35,
				"dominance": 0.35,
				"stress": 0.1,
				"engagement": 0.8,
				"relaxation": 0.55,
				"focus": 0.6,
				"heart_rate": 78.0,
			}
		],
		[44.0, {"valence": 0.3, "arousal": 0.0}],
	],
	"boredom":
	[
		[0.0, {"engagement": 0.3}],
		[
			25.0,
			{
				"valence": -0.25,
				"arousal": -0.7,
				"stress": 0.2,
				"engagement": 0.08,
				"relaxation": 0.5,
				"focus": 0.12,
				"heart_rate": 60.0,
				"breathing_rate": 11.0,
			}
		],
		[70.0, {"engagement": 0.3}],
	],
	"recovery":
	[
		[
			0.0,
			{
				"valence": -0.35,
				"arousal": 0.5,
				"dominance": -0.2,
				"stress": 0.72,
				"engagement": 0.55,
				"relaxation": 0.2,
				"heart_rate": 92.0,
				"breathing_rate": 16.0,
			}
		],
		[
			20.0,
			{
				"valence": 0.1,
				"arousal": 0.05,
				"stress": 0.4,
				"engagement": 0.55,
				"relaxation": 0.55,
				"focus": 0.6,
				"heart_rate": 76.0,
				"breathing_rate": 6.0,
			}
		],
		[
			50.0,
			{
				"valence": 0.45,
				"arousal": -0.4,
				"dominance": 0.3,
				"stress": 0.1,
				"engagement": 0.6,
				"relaxation": 0.9,
				"focus": 0.7,
				"heart_rate": 64.0,
				"breathing_rate": 6.0,
			}
		],
		[
			110.0,
			{
				"valence": 0.5,
				"arousal": -0.45,
				"dominance": 0.3,
				"stress": 0.08,
				"engagement": 0.6,
				"relaxation": 0.92,
				"focus": 0.7,
				"heart_rate": 62.0,
				"breathing_rate": 6.0,
			}
		],
		[
			125.0,
			{
				"valence": -0.35,
				"arousal": 0.5,
				"dominance": -0.2,
				"stress": 0.72,
				"engagement": 0.55,
				"relaxation": 0.2,
				"heart_rate": 92.0,
				"breathing_rate": 16.0,
			}
		],
	],
}


## The names of all scenarios.
static func names() -> PackedStringArray:
	return PackedStringArray(_KEYS.keys())


## Targets of [param scenario], [param seconds] after its start, by name. An unknown
## scenario is rest.
static func at(scenario: String, seconds: float) -> Dictionary:
	var keys: Array = _KEYS.get(scenario, _KEYS["rest"])
	var end: float = keys.back()[0]
	var time := fmod(seconds, end)
	var next := 1
	while keys[next][0] < time:
		next += 1
	var from: float = keys[next - 1][0]
	var to: float = keys[next][0]
	var first: Dictionary = keys[next - 1][1]
	var second: Dictionary = keys[next][1]
	var share := smoothstep(from, to, time)
	var wanted := {}
	for name: String in REST:
		var before: float = first.get(name, REST[name])
		var after: float = second.get(name, REST[name])
		wanted[name] = lerpf(before, after, share)
	return wanted
