class_name SentioColourGuard
extends RefCounted
## Holds a colour if it, or its saturated red, would flash more than three times a second.

## Smallest change of red that counts: 20 of 320 (WCAG 2.2, red flash).
const RED_CHANGE := 20.0 / 320.0

var _now := 0.0
var _shown := false
var _red := 0.0
var _green := 0.0
var _blue := 0.0
var _light := SentioSwings.new(0.1, 0.8)
var _redness := SentioSwings.new(RED_CHANGE, INF)


## Returns the linear colour that may be shown, [param dt] seconds after the last.
func step(dt: float, r: float, g: float, b: float) -> PackedFloat64Array:
	_now += SentioElapsed.of(dt)
	if is_finite(r) and is_finite(g) and is_finite(b):
		_show(clampf(r, 0.0, 1.0), clampf(g, 0.0, 1.0), clampf(b, 0.0, 1.0))
	return PackedFloat64Array([_red, _green, _blue])


func _show(r: float, g: float, b: float) -> void:
	var light := luminance(r, g, b)
	var red := redness(r, g, b)
	var held := _light.would_turn(light) != 0 and _light.is_full(_now)
	if not held:
		held = _redness.would_turn(red) != 0 and _redness.is_full(_now)
	if not (held and _shown):
		_red = r
		_green = g
		_blue = b
		_shown = true
	_light.take(_now, luminance(_red, _green, _blue))
	_redness.take(_now, redness(_red, _green, _blue))


## Relative luminance of a linear colour (ITU-R BT.709).
static func luminance(r: float, g: float, b: float) -> float:
	return 0.2126 * r + 0.7152 * g + 0.0722 * b


## How much a colour is saturated red, 0..1.
static func redness(r: float, g: float, b: float) -> float:
	var total := r + g + b
	return maxf(0.0, r - g - b) if total > 0.0 and r / total >= 0.8 else 0.0
