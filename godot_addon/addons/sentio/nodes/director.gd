@tool
@icon("../icons/director.svg")
class_name SentioDirector
extends Node
## Paces a game: build-up, peak, fade, relax, by how intense it seems to be for the player.
##
## The game says how the player fares with [method set_performance] and asks for as much as
## [member demand] says: how often something happens, not how hard it is. Without affect, or with
## [member adapt] off, performance and time alone lead through the states.

## Another state of the pacing began.
signal pacing_changed(state: SentioPacing.PacingState)
## The demand was changed by a noticeable step; the same is told to the feed, for the record.
signal adaptation(what: StringName, value: float, why: String)

## The states in words, by their number.
const STATE_NAMES: Array[String] = ["build-up", "peak", "fade", "relax"]

## Whether affect has a say; without it the game's own signals pace.
@export var adapt := true
## Where affect comes from; empty takes the nearest feed, or the autoload [code]Sentio[/code].
@export var source: SentioFeed
## The last word on the demand.
@export var rails: SentioRails
## What the demand is called in rails and recordings.
@export var what := &"demand"

@export_group("Target")
## The entry of the affect vector that is felt intensity and is led to the target.
@export_enum("arousal", "engagement", "stress", "focus", "flow") var target_entry := "arousal"
## Where it should be on the whole, 0..1; arousal's -1..1 is brought to 0..1.
@export_range(0.0, 1.0, 0.01) var target := 0.6
## Most that the target may add to or take from the pacing's own demand; 0 for pacing alone.
@export_range(0.0, 1.0, 0.01) var authority := 0.25
## What the distance from the target adds at once.
@export_range(0.0, 5.0, 0.01) var kp := 0.6
## What it adds with time.
@export_range(0.0, 1.0, 0.001) var ki := 0.02
## What the speed of change takes away.
@export_range(0.0, 5.0, 0.01) var kd := 0.0
## Confidence from which affect is believed.
@export_range(0.0, 1.0, 0.01) var threshold := 0.2

## From this on the player may be in distress, 0..1: the demand grows no more after
## [member distress_seconds] of it.
@export_range(0.0, 1.0, 0.01) var distress_at := 0.9
## Seconds of distress after which the demand grows no more.
@export_range(0.0, 120.0, 1.0, "suffix:s") var distress_seconds := 15.0

@export_group("Pacing")
## Weight of affect against performance at full confidence.
@export_range(0.0, 1.0, 0.01) var share := 0.5
## Time constant of the felt intensity.
@export_range(0.0, 30.0, 0.1, "suffix:s") var seconds := 3.0
## Intensities at which the peak and calm are reached.
@export_range(0.0, 1.0, 0.01) var peak_at := 0.7
## Intensity at which calm is reached.
@export_range(0.0, 1.0, 0.01) var calm_at := 0.35
## Longest build-up.
@export_range(1.0, 600.0, 0.5, "suffix:s") var build_up := 60.0
## Length of the peak.
@export_range(0.5, 120.0, 0.5, "suffix:s") var peak := 4.0
## Longest fade.
@export_range(0.5, 120.0, 0.5, "suffix:s") var fade := 20.0
## Shortest and longest time to relax.
@export_range(0.0, 300.0, 0.5, "suffix:s") var relax_least := 10.0
## Longest time to relax.
@export_range(0.0, 300.0, 0.5, "suffix:s") var relax_most := 40.0

@export_group("Reporting")
## Smallest step of the demand that is told.
@export_range(0.01, 1.0, 0.01) var report_step := 0.1
## Least time between two that are told.
@export_range(0.0, 60.0, 0.1, "suffix:s") var report_seconds := 1.0

## How much the game should ask of the player now, 0..1.
var demand := 0.0
## Intensity by affect and performance together, 0..1; NAN before anything is known.
var intensity := NAN
## Where the pacing is.
var state := SentioPacing.PacingState.BUILD_UP
## A demand that a person set by hand, 0..1; NAN gives the director its say again.
var manual_demand := NAN
## Holds state and demand still.
var frozen := false
## Deprecated: the former name of [member adapt]; goes with the next version.
var enabled: bool:
	get:
		SentioDeprecated.warn("SentioDirector.enabled", "adapt")
		return adapt
	set(value):
		SentioDeprecated.warn("SentioDirector.enabled", "adapt")
		adapt = value

var _pacing := SentioPacing.new()
var _pid := SentioPid.new()
var _gate := SentioConfidenceGate.new()
var _performance: Dictionary[StringName, Vector2] = {}
var _told := NAN
var _distress := 0.0
var _finder := SentioFeedFinder.new()
var _since := INF


func _ready() -> void:
	set_process(not Engine.is_editor_hint())


func _process(delta: float) -> void:
	advance(delta)


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if relax_most < relax_least:
		warnings.append("The longest time to relax is shorter than the shortest.")
	if calm_at >= peak_at:
		warnings.append("Calm is not below the peak: the pacing would only follow time.")
	return warnings


## Tells how hard the game is on the player by one signal: 0 idle, 1 overwhelmed, such as the share
## of health that was lost lately. NAN takes the signal back.
func set_performance(signal_name: StringName, value: float, weight := 1.0) -> void:
	if is_finite(value) and is_finite(weight) and weight > 0.0:
		_performance[signal_name] = Vector2(clampf(value, 0.0, 1.0), weight)
	else:
		_performance.erase(signal_name)


## The mean of what the game told, 0..1, or NAN where it told nothing.
func performance() -> float:
	var sum := Vector2.ZERO
	for told: Vector2 in _performance.values():
		sum += Vector2(told.x * told.y, told.y)
	return sum.x / sum.y if sum.y > 0.0 else NAN


## Goes to [param next] now: the manual override of the pacing.
func enter(next: SentioPacing.PacingState) -> void:
	_pacing.enter(next)
	_notice_state()


## Lets [param delta] seconds go by; [method _process] calls it.
func advance(delta: float) -> void:
	_configure()
	_since += SentioElapsed.of(delta)
	source = _finder.of(source, self, delta)
	var frame := SentioFeedFinder.fresh(source) if adapt else null
	var felt := SentioFeedFinder.value(frame, target_entry)
	if target_entry == "arousal":
		felt = 0.5 + 0.5 * felt
	var sure := SentioFeedFinder.value(frame, "confidence")
	if is_nan(sure) or sure < threshold:
		sure = NAN
	_pacing.step(delta, felt, sure, performance())
	intensity = _pacing.intensity
	_notice_state()
	if not _pacing.frozen:
		_demand(delta, felt, sure)
	_report(felt)


func _configure() -> void:
	_pacing.share = share
	_pacing.seconds = seconds
	_pacing.peak_at = peak_at
	_pacing.calm_at = calm_at
	_pacing.build_up = build_up
	_pacing.peak = peak
	_pacing.fade = fade
	_pacing.relax_least = relax_least
	_pacing.relax_most = relax_most
	_pacing.frozen = frozen or (is_instance_valid(rails) and rails.frozen)
	_pid.kp = kp
	_pid.ki = ki
	_pid.kd = kd
	_pid.low = -authority
	_pid.high = authority
	_gate.threshold = threshold


func _demand(delta: float, felt: float, sure: float) -> void:
	# The gate's trust fades out what the target adds when nobody knows any more.
	_gate.step(delta, felt, sure)
	var led := _pid.step(delta, felt if is_finite(sure) else NAN, target) * _gate.trust
	var wanted := _pacing.pressure() + led
	var high := is_finite(sure) and is_finite(felt) and felt >= distress_at
	_distress = _distress + SentioElapsed.of(delta) if high else 0.0
	if high and _distress >= distress_seconds:
		wanted = minf(wanted, demand)
	if is_finite(manual_demand):
		wanted = manual_demand
	demand = clampf(wanted, 0.0, 1.0)
	if is_instance_valid(rails):
		demand = rails.limit(what, demand, delta)


func _notice_state() -> void:
	if _pacing.state != state:
		state = _pacing.state
		pacing_changed.emit(state)


func _report(felt: float) -> void:
	if not is_nan(_told) and absf(demand - _told) < report_step or _since < report_seconds:
		return
	_told = demand
	_since = 0.0
	var why := "%s, %s" % [STATE_NAMES[state], _knows(felt)]
	adaptation.emit(what, demand, why)
	if is_instance_valid(source):
		source.report_adaptation(what, demand, why)


func _knows(felt: float) -> String:
	if is_finite(manual_demand):
		return "set by hand"
	if not adapt:
		return "adaptation to affect is off"
	if is_nan(felt):
		return "%s unknown" % target_entry
	return "%s %.2f for %.2f" % [target_entry, felt, target]
