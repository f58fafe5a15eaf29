class_name CompanionGaze
extends RefCounted
## Gaze and blinks: eye contact, glances away, and blink rate by arousal (Argyle & Cook 1976;
## Stern, Walrath & Goldstein 1984).

## Share of time with eye contact.
var contact := 0.7
## Blinks a minute.
var blinks := 14.0
## Gaze direction, -1..1 to its left and up.
var at := Vector2.ZERO
## Closure of the eyes, 0..1.
var shut := 0.0

var _goal := Vector2.ZERO
var _hold := 1.0
var _blink_in := 2.0
var _random := RandomNumberGenerator.new()


func _init() -> void:
	_random.seed = 8


## Advances by [param delta] seconds.
func advance(delta: float) -> void:
	_hold -= delta
	if _hold <= 0.0:
		var away := _random.randf() > contact
		_hold = _random.randf_range(0.5, 1.2) if away else _random.randf_range(1.2, 3.5)
		_goal = Vector2.ZERO
		if away:
			_goal = Vector2(_random.randf_range(-0.9, 0.9), _random.randf_range(-0.5, 0.6))
	at = at.lerp(_goal, 1.0 - exp(-18.0 * delta))
	_blink_in -= delta
	if _blink_in < -0.16:
		_blink_in = _random.randf_range(0.6, 1.4) * 60.0 / blinks
	shut = clampf(1.0 - absf(_blink_in + 0.08) / 0.08, 0.0, 1.0)


## The gaze as blend shape weights by name.
func weights() -> Dictionary:
	var all := {}
	for side: String in ["Left", "Right"]:
		var out := at.x if side == "Left" else -at.x
		all["eyeLookOut" + side] = maxf(out, 0.0)
		all["eyeLookIn" + side] = maxf(-out, 0.0)
		all["eyeLookUp" + side] = maxf(at.y, 0.0)
		all["eyeLookDown" + side] = maxf(-at.y, 0.0)
		all["eyeBlink" + side] = shut
	return all
