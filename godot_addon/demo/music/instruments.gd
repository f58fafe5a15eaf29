class_name DemoInstruments
extends RefCounted
## Notes as samples, made of sines and noise; no recording is used. Mono, at [constant RATE].

const RATE := 22050.0
const PADS := Vector2i(45, 70)
const PLUCKS := Vector2i(57, 86)
const BASSES := Vector2i(33, 50)


## All notes of all instruments, by names such as `pad60`; takes about a second.
static func all() -> Dictionary:
	var notes := {"kick": _kick(), "hat": _hat()}
	for pitch in range(PLUCKS.x, PLUCKS.y):
		notes["pluck%d" % pitch] = _pluck(_hertz(pitch))
	for pitch in range(BASSES.x, BASSES.y):
		notes["bass%d" % pitch] = _bass(_hertz(pitch))
	for pitch in range(PADS.x, PADS.y):
		notes["pad%d" % pitch] = _pad(_hertz(pitch))
	return notes


static func _hertz(pitch: int) -> float:
	return 440.0 * pow(2.0, (pitch - 69) / 12.0)


static func _silence(seconds: float) -> PackedFloat32Array:
	var samples := PackedFloat32Array()
	samples.resize(int(seconds * RATE))
	return samples


static func _pad(hertz: float) -> PackedFloat32Array:
	var samples := _silence(3.2)
	var turn := TAU * hertz / RATE
	var count := samples.size()
	for index in count:
		var share := float(index) / count
		var swell := sin(PI * sqrt(share))
		var warm := (
			sin(turn * index) + 0.5 * sin(1.004 * turn * index) + 0.22 * sin(2.0 * turn * index)
		)
		samples[index] = 0.16 * swell * warm
	return samples


static func _pluck(hertz: float) -> PackedFloat32Array:
	var samples := _silence(0.7)
	var turn := TAU * hertz / RATE
	for index in samples.size():
		var fade := exp(-index / (0.16 * RATE)) * minf(index / 60.0, 1.0)
		var bright := exp(-index / (0.05 * RATE))
		samples[index] = 0.22 * fade * sin(turn * index + 1.4 * bright * sin(2.0 * turn * index))
	return samples


static func _bass(hertz: float) -> PackedFloat32Array:
	var samples := _silence(0.5)
	var turn := TAU * hertz / RATE
	for index in samples.size():
		var fade := exp(-index / (0.2 * RATE)) * minf(index / 90.0, 1.0)
		samples[index] = 0.34 * fade * (sin(turn * index) + 0.35 * sin(2.0 * turn * index))
	return samples


static func _kick() -> PackedFloat32Array:
	var samples := _silence(0.28)
	var phase := 0.0
	for index in samples.size():
		phase += TAU * (48.0 + 110.0 * exp(-index / (0.02 * RATE))) / RATE
		samples[index] = 0.55 * sin(phase) * exp(-index / (0.075 * RATE))
	return samples


static func _hat() -> PackedFloat32Array:
	var samples := _silence(0.07)
	var random := RandomNumberGenerator.new()
	random.seed = 3
	var before := 0.0
	for index in samples.size():
		var noise := random.randf_range(-1.0, 1.0)
		samples[index] = 0.11 * (noise - before) * exp(-index / (0.014 * RATE))
		before = noise
	return samples
