class_name SentioCoherence
extends RefCounted
## Coherence of heart and breath: share of heart-rate variance at the breathing pace, 0..1.
##
## After the coherence ratio of McCraty and Childre (2010), measured at the paced rate only,
## with linear drift removed.

## Seconds between stored samples: enough to resolve breaths.
const SPACING := 0.25
## Fewest samples for an estimate.
const LEAST := 16

## Length of the window in seconds.
var window := 40.0
## 0..1, or NAN before two full breaths.
var value := NAN

var _now := 0.0
var _last := -1.0
var _turns := 0.0
var _phase := NAN
var _times := PackedFloat64Array()
var _places := PackedFloat64Array()
var _rates := PackedFloat64Array()


## Takes the pace's phase, 0..1, and the heart rate, NAN if unknown.
func step(dt: float, phase: float, heart_rate: float) -> float:
	_now += SentioElapsed.of(dt)
	if not is_finite(phase):
		return value
	if not is_nan(_phase):
		var moved := phase - _phase
		_turns += moved + 1.0 if moved < -0.5 else moved
	_phase = phase
	var changed := false
	if is_finite(heart_rate) and _now - _last >= SPACING - 1e-9:
		_last = _now
		_times.append(_now)
		_places.append(_turns)
		_rates.append(heart_rate)
		changed = true
	while not _times.is_empty() and _now - _times[0] > window:
		_times.remove_at(0)
		_places.remove_at(0)
		_rates.remove_at(0)
		changed = true
	if changed:
		value = _measure()
	return value


func _measure() -> float:
	var n := _times.size()
	if n < LEAST or _places[-1] - _places[0] < 2.0:
		return NAN
	var mean_time := 0.0
	var mean_rate := 0.0
	for index in n:
		mean_time += _times[index] / n
		mean_rate += _rates[index] / n
	var spread := 0.0
	var drift := 0.0
	for index in n:
		spread += (_times[index] - mean_time) ** 2
		drift += (_times[index] - mean_time) * (_rates[index] - mean_rate)
	var real := 0.0
	var imaginary := 0.0
	var power := 0.0
	for index in n:
		var left := _rates[index] - mean_rate - drift / spread * (_times[index] - mean_time)
		real += left * cos(TAU * _places[index])
		imaginary += left * sin(TAU * _places[index])
		power += left * left
	if power < 1e-9 * n:
		return NAN
	return clampf(2.0 * (real * real + imaginary * imaginary) / (n * power), 0.0, 1.0)
