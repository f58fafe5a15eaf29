class_name SentioPacing
extends RefCounted
## Paces a game through build-up, peak, fade and relax by estimated intensity.
##
## After Booth's AI Director (2009): it changes how often things happen, not how hard they are.
## Performance alone is enough: without confident affect the game is still paced.

enum PacingState {
	## Pressure grows towards a peak.
	BUILD_UP,
	## Full pressure, for some seconds.
	PEAK,
	## Little pressure.
	FADE,
	## No pressure.
	RELAX,
}

## Deprecated: the former name of [enum PacingState]; to be removed in the next version.
const State = PacingState  # gdlint: ignore=constant-name

## Weight of affect against performance, 0..1, at full confidence.
var share := 0.5
## Time constant of the intensity.
var seconds := 3.0
## Intensity at which the peak is reached.
var peak_at := 0.7
## Intensity at which calm is reached.
var calm_at := 0.35
## Longest build-up, seconds.
var build_up := 60.0
## Length of the peak, seconds: 3 to 5 in Booth's games.
var peak := 4.0
## Longest fade, seconds.
var fade := 20.0
## Shortest time to relax, seconds.
var relax_least := 10.0
## Longest time to relax, seconds.
var relax_most := 40.0

## Whether state and intensity are held; [method enter] still works.
var frozen := false

## One of [enum PacingState].
var state := PacingState.BUILD_UP
## Seconds in the current state.
var elapsed := 0.0
## Intensity from affect and performance, 0..1; NAN before anything is known.
var intensity := NAN


## Takes affect, its confidence and performance, each 0..1 or NAN, after [param dt] seconds.
func step(
	dt: float, affect: float, confidence: float, performance: float
) -> SentioPacing.PacingState:
	if frozen:
		return state
	_blend(dt, affect, confidence, performance)
	elapsed += SentioElapsed.of(dt)
	var high := not is_nan(intensity) and intensity >= peak_at
	var calm := not is_nan(intensity) and intensity <= calm_at
	if state == PacingState.BUILD_UP and (high or elapsed >= build_up):
		enter(PacingState.PEAK)
	elif state == PacingState.PEAK and elapsed >= peak:
		enter(PacingState.FADE)
	elif state == PacingState.FADE and (calm or elapsed >= fade):
		enter(PacingState.RELAX)
	elif state == PacingState.RELAX and elapsed >= relax_least and (calm or elapsed >= relax_most):
		enter(PacingState.BUILD_UP)
	return state


## Enters [param next] now: the manual override.
func enter(next: SentioPacing.PacingState) -> void:
	state = next
	elapsed = 0.0


## Target pressure on the player, 0..1.
func pressure() -> float:
	match state:
		PacingState.BUILD_UP:
			var along := elapsed / build_up if build_up > 0.0 else 1.0
			return 0.35 + 0.65 * minf(1.0, along)
		PacingState.PEAK:
			return 1.0
		PacingState.FADE:
			return 0.2
	return 0.0


func _blend(dt: float, affect: float, confidence: float, performance: float) -> void:
	var weight := 0.0
	var other := 0.0
	if is_finite(affect) and is_finite(confidence):
		weight = share * clampf(confidence, 0.0, 1.0)
	if is_finite(performance):
		other = 1.0 - share
	if weight + other <= 0.0:
		return
	var felt := weight * clampf(affect, 0.0, 1.0) if weight > 0.0 else 0.0
	if other > 0.0:
		felt += other * clampf(performance, 0.0, 1.0)
	felt /= weight + other
	if is_nan(intensity):
		intensity = felt
	else:
		intensity += (felt - intensity) * SentioElapsed.share(dt, seconds)
