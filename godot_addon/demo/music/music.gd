class_name DemoMusic
extends AudioStreamPlayer
## Music generated in real time: [DemoScore] picks the notes, this node mixes them.

## Most simultaneous notes.
const MOST_NOTES := 14
## Length of the audio buffer in seconds: longer survives stalls, shorter reacts sooner.
const AHEAD_SECONDS := 0.12

## Share of full scale that the loudest mix uses: at 1 some samples in ten thousand were clipped.
const HEADROOM := 0.8

## How far the music swells with a breath.
const SWELL := 0.22

## Fullness of the music, 0..1.
var intensity := 0.2
## Picks the mode.
var valence := 0.2
## Part of the player's breath since its end of breathing in, 0..1; NAN if unknown. The music swells
## with it.
var breath := NAN

var _loudness := 1.0
var _score := DemoScore.new()
var _notes := {}
var _sounding := []
var _step := 0
var _samples_left := 0
var _task := -1
var _out: AudioStreamGeneratorPlayback


func _ready() -> void:
	var generator := AudioStreamGenerator.new()
	generator.mix_rate = DemoInstruments.RATE
	generator.buffer_length = AHEAD_SECONDS
	stream = generator
	volume_db = -5.0
	_task = WorkerThreadPool.add_task(_make_notes, false, "notes")


func _exit_tree() -> void:
	if _task >= 0:
		WorkerThreadPool.wait_for_task_completion(_task)
	_task = -1
	_out = null
	stop()


func _process(_delta: float) -> void:
	if not _out:
		return
	var room := _out.get_frames_available()
	while room > 0:
		if _samples_left <= 0:
			_next_step()
		var count := mini(room, _samples_left)
		_out.push_buffer(_mix(count))
		_samples_left -= count
		room -= count


func _make_notes() -> void:
	_start.call_deferred(DemoInstruments.all())


func _start(notes: Dictionary) -> void:
	if not is_inside_tree():
		return
	_notes = notes
	play()
	_out = get_stream_playback()
	# Playback fades out after this node is freed, and the engine's mixer still reads the
	# stream's rate without a reference: a freed stream would hang the mixer.
	_out.set_meta(&"stream", stream)


func _next_step() -> void:
	_samples_left = int(DemoInstruments.RATE * 15.0 / DemoScore.tempo(intensity))
	for note: Array in _score.notes(_step, intensity, valence):
		if _notes.has(note[0]) and _sounding.size() < MOST_NOTES:
			_sounding.append([_notes[note[0]], 0, note[1]])
	_step += 1


func _mix(count: int) -> PackedVector2Array:
	var sum := PackedFloat32Array()
	sum.resize(count)
	for index in range(_sounding.size() - 1, -1, -1):
		var samples: PackedFloat32Array = _sounding[index][0]
		var from: int = _sounding[index][1]
		var gain: float = _sounding[index][2]
		var length := mini(count, samples.size() - from)
		for place in length:
			sum[place] += gain * samples[from + place]
		_sounding[index][1] = from + length
		if from + length >= samples.size():
			_sounding.remove_at(index)
	var wanted := 1.0 - SWELL * (0.5 - 0.5 * cos(TAU * breath)) if is_finite(breath) else 1.0
	var before := _loudness
	_loudness = lerpf(_loudness, wanted, 0.25)
	var frames := PackedVector2Array()
	frames.resize(count)
	for place in count:
		var gain_now := lerpf(before, _loudness, float(place) / count)
		frames[place] = Vector2.ONE * clampf(HEADROOM * gain_now * sum[place], -1.0, 1.0)
	return frames
