class_name CorridorSounds
extends AudioStreamPlayer
## Sounds of the corridor from code: steps, a warm chord that gives way to a low hum as it
## darkens, and a strike.

const RATE := 22050.0

## How dark and foggy it is, 0..1: the hum's loudness and beat, and the chord's silence.
var dread := 0.0

var _playback: AudioStreamGeneratorPlayback
var _clock := 0.0
var _beat := 0.0
var _strike := 0.0
var _step := 0.0
var _was_down := false


func _ready() -> void:
	var source := AudioStreamGenerator.new()
	source.mix_rate = RATE
	source.buffer_length = 0.15
	stream = source
	volume_db = -9.0
	play()
	_playback = get_stream_playback() as AudioStreamGeneratorPlayback
	# The engine's mixer reads the stream's rate without a reference while playback fades out: a
	# freed stream would hang it.
	_playback.set_meta(&"stream", stream)


func _exit_tree() -> void:
	_playback = null
	stop()


## Sounds a strike of [param strength].
func strike(strength: float) -> void:
	_strike = 0.35 + 0.65 * strength


## Sounds a step whenever [param swing], -1..1, passes its lowest point.
func step(swing: float) -> void:
	var down := swing < -0.9
	if down and not _was_down:
		_step = 0.35
	_was_down = down


func _process(_delta: float) -> void:
	if _playback == null:
		return
	for frame in _playback.get_frames_available():
		_clock += 1.0 / RATE
		# Summed, so that a change of the dread changes the speed of the beat and not its phase.
		_beat = fmod(_beat + (0.4 + dread) / RATE, 1.0)
		var hum := sin(TAU * 43.0 * _clock) * (0.5 + 0.5 * sin(TAU * _beat))
		var noise := randf_range(-1.0, 1.0)
		var chord := sin(TAU * 131.0 * _clock) + sin(TAU * 196.5 * _clock)
		var sample := 0.24 * dread * dread * hum + 0.05 * (1.0 - dread) * chord
		sample += _step * noise * 0.5 + _strike * (0.6 * noise + 0.4 * sin(TAU * 92.0 * _clock))
		_step *= 0.9985
		_strike *= 0.9997
		_playback.push_frame(Vector2.ONE * clampf(sample, -0.9, 0.9))
