@tool
class_name SentioCalibrationRing
extends Control
## Progress ring of a baseline, around a slowly pulsing disc.

## Pixels of its side.
const SIDE := 220.0
## Pulses a minute of the disc: slow, and not meant to be followed.
const BREATHS := 6.0

## Progress, 0..1.
var progress := 0.0:
	set(value):
		progress = clampf(value, 0.0, 1.0)
## Colour of the progress.
var tone := SentioPalette.TEAL
## Whether the disc pulses.
var breathing := false

var _shown := 0.0
var _phase := 0.0


func _init() -> void:
	custom_minimum_size = Vector2(SIDE, SIDE)


func _process(delta: float) -> void:
	_shown = lerpf(_shown, progress, 1.0 - exp(-4.0 * SentioElapsed.real(delta)))
	if breathing:
		_phase = fposmod(_phase + SentioElapsed.real(delta) * BREATHS / 60.0, 1.0)
	queue_redraw()


func _draw() -> void:
	var middle := 0.5 * size
	var radius := 0.5 * minf(size.x, size.y) - 8.0
	draw_arc(middle, radius, 0.0, TAU, 96, SentioPalette.LINE, 8.0, true)
	if _shown > 0.002:
		var end := -0.5 * PI + TAU * _shown
		draw_arc(middle, radius, -0.5 * PI, end, 96, tone, 8.0, true)
		draw_circle(middle + radius * Vector2.from_angle(end), 7.0, tone, true, -1.0, true)
	var swell := 0.62 + 0.1 * sin(TAU * _phase)
	draw_circle(middle, radius * swell, Color(tone, 0.16), true, -1.0, true)
	draw_circle(middle, radius * (swell - 0.16), Color(tone, 0.22), true, -1.0, true)
