class_name SentioExpressionBlend
extends RefCounted
## Moves the weights of a face towards wanted ones, quickly up and slowly down.

## Time constant of what grows, seconds.
var attack := 0.12
## Time constant of what fades, seconds.
var release := 0.35
## Largest weight: a face at its limits looks like a mask.
var most := 0.9
## By name, 0..1.
var weights := {}


## Takes wanted weights by name; names that are not wanted fade out.
func step(dt: float, wanted: Dictionary) -> Dictionary:
	for name: Variant in wanted:
		if not weights.has(name):
			weights[name] = 0.0
	for name: Variant in weights:
		var asked: Variant = wanted.get(name, 0.0)
		var want := float(asked) if asked is float or asked is int else 0.0
		var goal := clampf(want, 0.0, most) if is_finite(want) else 0.0
		var now: float = weights[name]
		var seconds := attack if goal > now else release
		weights[name] = now + (goal - now) * SentioElapsed.share(dt, seconds)
	return weights
