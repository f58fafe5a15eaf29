class_name DemoScore
extends RefCounted
## Which notes begin at each sixteenth: layers join as the intensity grows, valence picks the mode
## (after Eerola, Friberg & Bresin 2013). Chords change with the bar.

const MAJOR: Array[int] = [0, 2, 4, 5, 7, 9, 11]
const MINOR: Array[int] = [0, 2, 3, 5, 7, 8, 10]
const BRIGHT_CHORDS: Array[int] = [0, 5, 3, 4]
const DARK_CHORDS: Array[int] = [0, 5, 2, 6]
const ROOT := 48

var _random := RandomNumberGenerator.new()
var _bright := true


func _init() -> void:
	_random.seed = 5


## Beats a minute at [param intensity] 0..1.
static func tempo(intensity: float) -> float:
	return lerpf(72.0, 118.0, intensity)


## The notes of step [param step], each [code][name, gain][/code].
func notes(step: int, intensity: float, valence: float) -> Array:
	var within := step % 16
	@warning_ignore("integer_division")
	var bar := step / 16
	if within == 0 and bar % 2 == 0:
		_bright = valence > (-0.15 if _bright else 0.1)
	var chords := BRIGHT_CHORDS if _bright else DARK_CHORDS
	var degree := chords[bar % 4]
	var found := []
	if within == 0:
		for third in 3:
			found.append(["pad%d" % _pitch(degree + 2 * third, ROOT, 70), 0.9 - 0.25 * intensity])
	if intensity > 0.15 and within % (4 if intensity < 0.55 else 2) == 0:
		var low := _pitch(degree, ROOT - 12, 50)
		found.append(["bass%d" % low, smoothstep(0.15, 0.5, intensity)])
	var busy := 0.22 + 0.6 * intensity
	if within % 2 == 0 and _random.randf() < busy:
		var jump: int = [0, 2, 4, 7][_random.randi() % 4]
		found.append(["pluck%d" % _pitch(degree + jump, ROOT + 12, 86), 0.35 + 0.45 * intensity])
	if intensity > 0.35 and within % 4 == 0:
		found.append(["kick", smoothstep(0.35, 0.65, intensity)])
	if intensity > 0.5 and within % 2 == (0 if intensity > 0.8 else 1):
		found.append(["hat", smoothstep(0.5, 0.8, intensity) * (0.6 + 0.4 * _random.randf())])
	return found


func _pitch(degree: int, root: int, below: int) -> int:
	var scale := MAJOR if _bright else MINOR
	@warning_ignore("integer_division")
	var pitch := root + scale[degree % 7] + 12 * (degree / 7)
	return pitch if pitch < below else pitch - 12
