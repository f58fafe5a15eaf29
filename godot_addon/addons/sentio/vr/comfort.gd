@icon("../icons/rails.svg")
class_name SentioComfort
extends Node
## Comfort limits for a headset: no forced turning, slow moving, steady light, always a way out.
##
## Pass what the game wants through [method move], [method vignette] and [method brightness]. It
## acts in real time, whatever the game's speed, also while the tree is paused.

## The way out was held for [member exit_seconds]: leave the scene now.
signal exit_requested
## Deprecated: the former name of [signal exit_requested]; to be removed in the next version.
signal left

## Largest speed at which the game may move the player; 0 forbids it.
@export_range(0.0, 5.0, 0.05, "suffix:m/s") var speed := 1.4
## Largest change of that speed.
@export_range(0.1, 20.0, 0.1, "suffix:m/s²") var acceleration := 2.0
## Largest rise of the vignette per second.
@export_range(0.1, 10.0, 0.1, "suffix:/s") var vignette_rise := 1.5
## Largest fall of the vignette per second.
@export_range(0.05, 10.0, 0.05, "suffix:/s") var vignette_fall := 0.5
## Largest change of an eye's brightness per second, as a share of the largest.
@export_range(0.05, 5.0, 0.05, "suffix:/s") var light_change := 0.5
## Largest difference of the two eyes' brightness.
@export_range(0.0, 0.5, 0.01) var max_eye_difference := 0.05
## Seconds for which the way out is held.
@export_range(0.2, 3.0, 0.1, "suffix:s") var exit_seconds := 1.0

## How far the way out has been held, 0..1.
var exit_progress := 0.0
## The vignette now, 0..1.
var shade := 0.0
## Deprecated: the former name of [member max_eye_difference]; to be removed in the next version.
var between_eyes: float:
	get:
		SentioDeprecated.warn("SentioComfort.between_eyes", "max_eye_difference")
		return max_eye_difference
	set(value):
		SentioDeprecated.warn("SentioComfort.between_eyes", "max_eye_difference")
		max_eye_difference = value
## Deprecated: the former name of [member exit_progress]; to be removed in the next version.
var exiting: float:
	get:
		SentioDeprecated.warn("SentioComfort.exiting", "exit_progress")
		return exit_progress
	set(value):
		SentioDeprecated.warn("SentioComfort.exiting", "exit_progress")
		exit_progress = value

var _velocity := Vector3.ZERO
var _eyes: Array[float] = [NAN, NAN]
var _guards: Array[SentioFlashGuard] = [SentioFlashGuard.new(), SentioFlashGuard.new()]
var _done := false


func _init() -> void:
	process_mode = Node.PROCESS_MODE_ALWAYS


## Where the player's rig may be, [param delta] seconds after [param now], for [param wanted]. It
## keeps its heading and the horizon: the game never turns, tilts or shakes the player; only they
## turn.
func move(now: Transform3D, wanted: Vector3, delta: float) -> Transform3D:
	var time := SentioElapsed.of(SentioElapsed.real(delta))
	var level := upright(now)
	if time <= 0.0:
		return level
	var target := ((wanted - now.origin) / time).limit_length(speed)
	_velocity = _velocity.move_toward(target, acceleration * time)
	var step := _velocity * time
	if step.length() > now.origin.distance_to(wanted):
		step = wanted - now.origin
		_velocity = Vector3.ZERO
	level.origin = now.origin + step
	return level


## [param pose] without pitch and roll: the horizon stays.
static func upright(pose: Transform3D) -> Transform3D:
	var heading := pose.basis.z * Vector3(1, 0, 1)
	if heading.length_squared() < 1e-9:
		heading = Vector3.BACK
	return Transform3D(Basis.looking_at(-heading.normalized()), pose.origin)


## The strength of the vignette to show, 0..1, for [param wanted]. It is for motion by the game, not
## for the player's own turns.
func vignette(wanted: float, delta: float) -> float:
	var time := SentioElapsed.of(SentioElapsed.real(delta))
	var target := clampf(wanted, 0.0, 1.0) if is_finite(wanted) else shade
	var most := vignette_rise if target > shade else vignette_fall
	shade = move_toward(shade, target, most * time)
	return shade


## Brightness to show in [param eye], 0 left or 1 right, for [param wanted], 0..1: slow, without
## flashes, and nearly the same as in the other eye.
func brightness(eye: int, wanted: float, delta: float) -> float:
	var time := SentioElapsed.of(SentioElapsed.real(delta))
	var before := _eyes[eye]
	var target := clampf(wanted, 0.0, 1.0) if is_finite(wanted) else before
	if is_nan(before):
		before = 0.0 if is_nan(target) else target
		target = before
	var given := move_toward(before, target, light_change * time)
	var other := _eyes[1 - eye]
	if is_finite(other):
		given = clampf(given, other - max_eye_difference, other + max_eye_difference)
	_eyes[eye] = clampf(_guards[eye].step(time, given), 0.0, 1.0)
	return _eyes[eye]


## Takes whether the button of the way out is held; emits [signal exit_requested] once after
## [member exit_seconds]. No freeze, pause or stop disables it.
func hold_exit(pressed: bool, delta: float) -> void:
	# Not bounded by the time scale: a stopped game must be left too.
	var time := SentioElapsed.of(SentioElapsed.real(delta))
	exit_progress = minf(1.0, exit_progress + time / exit_seconds) if pressed else 0.0
	if exit_progress >= 1.0 and not _done:
		_done = true
		exit_requested.emit()
		if not left.get_connections().is_empty():
			SentioDeprecated.warn("SentioComfort.left", "exit_requested")
			left.emit()
	elif not pressed:
		_done = false
