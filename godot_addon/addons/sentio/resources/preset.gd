@tool
@icon("../icons/binding.svg")
class_name SentioPreset
extends Resource
## A named response to affect, which bindings and directors share.
##
## The ready-made ones are in [code]res://addons/sentio/presets/[/code]; change a copy
## ([b]Make Unique[/b] in the inspector), or save your own.

## What it does, in one line for the players' settings and for the recording.
@export var title := ""
## When to use it, and what to take care of.
@export_multiline var about := ""

@export_group("Binding")
## The entry of the affect vector that is followed.
@export var entry := "arousal_level"
## Maps affect (x, increasing) to the game's value (y).
@export var points := PackedVector2Array([Vector2(0, 0), Vector2(1, 1)])
## Smoothstep between the points instead of straight lines.
@export var smooth := true
## The affect value that is used when nothing is known.
@export_range(-1.0, 1.0, 0.01, "or_greater", "or_less") var neutral := 0.5
## Time constant of the smoothing.
@export_range(0.0, 30.0, 0.05, "suffix:s") var smoothing := 2.0
## Changes of affect that are ignored.
@export_range(0.0, 1.0, 0.005, "or_greater") var dead_band := 0.02
## Largest rise of the value per second; 0 for no limit.
@export_range(0.0, 10.0, 0.01, "or_greater", "suffix:/s") var rise := 0.0
## Largest fall of the value per second; 0 for no limit.
@export_range(0.0, 10.0, 0.01, "or_greater", "suffix:/s") var fall := 0.0

@export_group("Director")
## Target value of the entry, 0..1.
@export_range(0.0, 1.0, 0.01) var target := 0.6
## Largest correction of the demand by the target.
@export_range(0.0, 1.0, 0.01) var authority := 0.5
## Proportional gain.
@export_range(0.0, 5.0, 0.01) var kp := 1.2
## Integral gain, per second.
@export_range(0.0, 1.0, 0.001) var ki := 0.01


## The response at [param affect], without smoothing; what the inspector draws.
func response(affect: float) -> float:
	return SentioResponseCurve.along(points, smooth).step(affect)
