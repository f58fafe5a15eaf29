class_name SentioExpressionBlend
extends RefCounted
## Eases blend-shape weights towards targets, with separate time constants for rise and fall.

## Time constant of rising weights, seconds.
var attack := 0.12
## Time constant of falling weights, seconds.
var release := 0.35
## Largest weight: extreme weights look unnatural.
var most := 0.9
## By name, 0..1.
var weights := {}


## Takes target weights by name; other names fade out.
func step(dt: float, wanted: Dictionary) -> Dictionary:
	for name: Variant in wanted:
		if not weights.has(name):
			weights[name] = 0.0
	for name: Variant in weights:
		var given: Variant = wanted.get(name, 0.0)
		var want: float = given if given is float or given is int else 0.0
		var goal := clampf(want, 0.0, most) if is_finite(want) else 0.0
		var now: float = weights[name]
		var seconds := attack if goal > now else release
		weights[name] = now + (goal - now) * SentioElapsed.share(dt, seconds)
	return weights
