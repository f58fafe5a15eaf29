class_name CompanionShapes
extends RefCounted
## ARKit's 52 blend shapes, and the demo's prototypes for emotions.

const NAMES: Array[String] = [
	"eyeBlinkLeft",
	"eyeLookDownLeft",
	"eyeLookInLeft",
	"eyeLookOutLeft",
	"eyeLookUpLeft",
	"eyeSquintLeft",
	"eyeWideLeft",
	"eyeBlinkRight",
	"eyeLookDownRight",
	"eyeLookInRight",
	"eyeLookOutRight",
	"eyeLookUpRight",
	"eyeSquintRight",
	"eyeWideRight",
	"jawForward",
	"jawLeft",
	"jawRight",
	"jawOpen",
	"mouthClose",
	"mouthFunnel",
	"mouthPucker",
	"mouthLeft",
	"mouthRight",
	"mouthSmileLeft",
	"mouthSmileRight",
	"mouthFrownLeft",
	"mouthFrownRight",
	"mouthDimpleLeft",
	"mouthDimpleRight",
	"mouthStretchLeft",
	"mouthStretchRight",
	"mouthRollLower",
	"mouthRollUpper",
	"mouthShrugLower",
	"mouthShrugUpper",
	"mouthPressLeft",
	"mouthPressRight",
	"mouthLowerDownLeft",
	"mouthLowerDownRight",
	"mouthUpperUpLeft",
	"mouthUpperUpRight",
	"browDownLeft",
	"browDownRight",
	"browInnerUp",
	"browOuterUpLeft",
	"browOuterUpRight",
	"cheekPuff",
	"cheekSquintLeft",
	"cheekSquintRight",
	"noseSneerLeft",
	"noseSneerRight",
	"tongueOut",
]
## Prototypes after FACS (Ekman, Friesen & Hager 2002); `*` means both sides.
const PROTOTYPES := {
	"neutral": {"mouthSmile*": 0.12},
	"happiness": {"mouthSmile*": 0.95, "cheekSquint*": 0.7, "eyeSquint*": 0.3, "jawOpen": 0.22},
	"surprise": {"browInnerUp": 0.8, "browOuterUp*": 0.85, "eyeWide*": 0.8, "jawOpen": 0.5},
	"sadness": {"browInnerUp": 0.95, "mouthFrown*": 0.8, "mouthShrugLower": 0.4, "eyeBlink*": 0.22},
	"anger": {"browDown*": 1.0, "eyeSquint*": 0.5, "mouthPress*": 0.5, "mouthFrown*": 0.6},
	"disgust": {"noseSneer*": 0.9, "mouthUpperUp*": 0.5, "browDown*": 0.5, "eyeSquint*": 0.4},
	"fear":
	{
		"mouthFrown*": 0.6,
		"browInnerUp": 0.9,
		"browOuterUp*": 0.5,
		"eyeWide*": 0.9,
		"mouthStretch*": 0.7
	},
	"contempt": {"mouthSmileLeft": 0.5, "mouthDimpleLeft": 0.6, "eyeSquint*": 0.2},
}


## The weights that show [param emotions], name to share; shares above 1 in sum are scaled down.
static func show(emotions: Dictionary) -> Dictionary:
	var total := 0.0
	for emotion: String in emotions:
		total += emotions[emotion]
	var weights := {}
	for emotion: String in emotions:
		var share: float = emotions[emotion] / maxf(total, 1.0)
		var prototype: Dictionary = PROTOTYPES.get(emotion, {})
		for pattern: String in prototype:
			for name in _both(pattern):
				var size: float = prototype[pattern]
				weights[name] = minf(float(weights.get(name, 0.0)) + share * size, 1.0)
	return weights


static func _both(pattern: String) -> PackedStringArray:
	if not pattern.ends_with("*"):
		return PackedStringArray([pattern])
	var stem := pattern.trim_suffix("*")
	return PackedStringArray([stem + "Left", stem + "Right"])
