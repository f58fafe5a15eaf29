@tool
@icon("../icons/director.svg")
class_name SentioDirector
extends Node
## Paces a game through build-up, peak, fade and relax by the player's estimated intensity.
##
## The game reports performance with [method set_performance] and scales the rate of events with
## [member demand]: how often something happens, not how hard it is. Without affect, or with
## [member adapt] off, performance and time alone drive the states.

## The state of the pacing changed.
signal pacing_changed(state: SentioPacing.PacingState)
## The demand changed by a noticeable step; also reported to the feed, for the recording.
signal adaptation(what: StringName, value: float, why: String)

## Names of the states, by their number.
const STATE_NAMES: Array[String] = ["build-up", "peak", "fade", "relax"]
const _GROUP := &"sentio_directors"

## Whether affect is used; if not, the game's own signals pace.
@export var adapt := true
## A ready-made response; setting it replaces entry, target and gains.
@export var preset: SentioPreset:
	set(chosen):
		preset = chosen
		if chosen:
			use(chosen)
## The affect source; empty uses the nearest feed, or the autoload [code]Sentio[/code].
@export var source: SentioFeed
## Safety limits of the demand.
@export var rails: SentioRails
## Name of the demand in rails and recordings; a second director needs another one.
@export var what := &"demand"

@export_group("Target")
## The entry of the affect vector that measures intensity and is driven to the target: a level of
## the person's own range, or an absolute entry.
@export_enum(
	"arousal_level",
	"engagement_level",
	"stress_level",
	"focus_level",
	"arousal",
	"engagement",
	"stress",
	"focus",
	"flow"
)
var target_entry := "arousal_level"
## Target value, 0..1; arousal's -1..1 is scaled to 0..1.
@export_range(0.0, 1.0, 0.01) var target := 0.6
## Largest correction of the pacing's demand by the target; 0 for pacing alone.
@export_range(0.0, 1.0, 0.01) var authority := 0.5
## Proportional gain.
@export_range(0.0, 5.0, 0.01) var kp := 1.2
## Integral gain, per second.
@export_range(0.0, 1.0, 0.001) var ki := 0.01
## Derivative gain, seconds.
@export_range(0.0, 5.0, 0.01) var kd := 0.0
## Smallest confidence of the entry at which it is used ([method SentioAffectFrame.trust]).
@export_range(0.0, 1.0, 0.005) var threshold := SentioEntryConfidence.LEAST

## Intensity from which the player may be in distress, 0..1, of the absolute entry also where
## [member target_entry] is its level, because every person has a high level at times: after
## [member distress_seconds] of it the demand does not increase.
@export_range(0.0, 1.0, 0.01) var distress_at := 0.9
## Seconds of distress after which the demand does not increase.
@export_range(0.0, 120.0, 1.0, "suffix:s") var distress_seconds := 15.0

@export_group("Pacing")
## Weight of affect against performance at full confidence; less confident affect counts less, by
## [method SentioEntryConfidence.weight].
@export_range(0.0, 1.0, 0.01) var share := 0.5
## Time constant of the intensity.
@export_range(0.0, 30.0, 0.1, "suffix:s") var seconds := 3.0
## Intensity at which the peak is reached.
@export_range(0.0, 1.0, 0.01) var peak_at := 0.7
## Intensity at which calm is reached.
@export_range(0.0, 1.0, 0.01) var calm_at := 0.35
## Longest build-up.
@export_range(1.0, 600.0, 0.5, "suffix:s") var build_up := 60.0
## Length of the peak.
@export_range(0.5, 120.0, 0.5, "suffix:s") var peak := 4.0
## Longest fade.
@export_range(0.5, 120.0, 0.5, "suffix:s") var fade := 20.0
## Shortest time to relax.
@export_range(0.0, 300.0, 0.5, "suffix:s") var relax_least := 10.0
## Longest time to relax.
@export_range(0.0, 300.0, 0.5, "suffix:s") var relax_most := 40.0

@export_group("Reporting")
## Smallest change of the demand that is reported.
@export_range(0.01, 1.0, 0.01) var report_step := 0.1
## Shortest time between two reports.
@export_range(0.0, 60.0, 0.1, "suffix:s") var report_seconds := 1.0

## Target pressure on the player, 0..1.
var demand := 0.0
## Intensity from affect and performance, 0..1; NAN before anything is known.
var intensity := NAN
## State of the pacing.
var state := SentioPacing.PacingState.BUILD_UP
## Whether affect is used or why not, in one line.
var status: String:
	get:
		return _status()
## A manual demand, 0..1; NAN for the director's own.
var manual_demand := NAN
## Freezes state and demand.
var frozen := false
## Deprecated: the former name of [member adapt]; to be removed in the next version.
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
var _reporting := SentioReportGate.new()
var _manual := SentioManualValue.new()
var _requested := 0.0
var _low := 0.0
var _high := 1.0
var _distress := 0.0
var _finder := SentioFeedFinder.new()


func _init() -> void:
	add_to_group(_GROUP)


func _ready() -> void:
	set_process(not Engine.is_editor_hint())


func _process(delta: float) -> void:
	advance(delta)


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if relax_most < relax_least:
		warnings.append("The longest time to relax is shorter than the shortest.")
	if calm_at >= peak_at:
		warnings.append("Calm is not below the peak: the pacing would depend on time only.")
	var waits := SentioFeedFinder.warning_of(source, self, target_entry)
	if waits:
		warnings.append(waits)
	if _has_a_namesake():
		warnings.append("Another SentioDirector of these rails is named '%s' too." % what)
	return warnings


# Two with one name in the same rails would limit each other's demand.
func _has_a_namesake() -> bool:
	if not rails or not is_inside_tree():
		return false
	return get_tree().get_nodes_in_group(_GROUP).any(
		func(other: SentioDirector) -> bool:
			return other != self and other.rails == rails and other.what == what
	)


## Sets one performance signal: 0 idle, 1 overwhelmed, such as the share of health lost recently.
## NAN removes the signal.
func set_performance(signal_name: StringName, value: float, weight := 1.0) -> void:
	if is_finite(value) and is_finite(weight) and weight > 0.0:
		_performance[signal_name] = Vector2(clampf(value, 0.0, 1.0), weight)
	else:
		_performance.erase(signal_name)


## Weighted mean of the performance signals, 0..1, or NAN if there are none.
func performance() -> float:
	var sum := Vector2.ZERO
	for signal_weight: Vector2 in _performance.values():
		sum += Vector2(signal_weight.x * signal_weight.y, signal_weight.y)
	return sum.x / sum.y if sum.y > 0.0 else NAN


## Enters [param next] now: the manual override of the pacing; [param by] is reported.
func enter(next: SentioPacing.PacingState, by := "") -> void:
	_pacing.enter(next)
	_update_state()
	if by:
		_send_report(
			SentioAdaptation.new(what, demand, "entered " + STATE_NAMES[next]).authored(by)
		)


## Takes entry, target and gains of [param chosen].
func use(chosen: SentioPreset) -> void:
	target_entry = chosen.entry
	_low = minf(chosen.points[0].x, chosen.points[-1].x)
	_high = maxf(chosen.points[0].x, chosen.points[-1].x)
	target = chosen.target
	authority = chosen.authority
	kp = chosen.kp
	ki = chosen.ki


## Holds the demand at [param held] for [param duration], set by hand by [param by]; rails still
## apply. The end is reported with the duration.
func hold_value(held: float, by: String, duration := INF) -> void:
	manual_demand = held
	_manual.hold(held, by, duration)
	_send_report(SentioAdaptation.new(what, held, "set by hand").authored(by))


## Ends [method hold_value] and [member manual_demand].
func release_value() -> void:
	manual_demand = NAN
	_end_hold(_manual.release())


## Advances by [param delta] seconds; called by [method _process].
func advance(delta: float) -> void:
	_configure()
	# What a person holds lasts as long for them, whatever the game's time is.
	var real := SentioElapsed.real(delta)
	var over := _manual.step(real)
	if is_finite(over):
		manual_demand = NAN
		_end_hold(over)
	if not is_instance_valid(source):
		source = _finder.of(null, self, real)
	var frame := SentioFeedFinder.fresh(source) if adapt else null
	var felt := frame.effective_value(target_entry) if frame else NAN
	if target_entry == "arousal":
		felt = 0.5 + 0.5 * felt
	elif _high > _low and _high > 1.0:
		felt = clampf(inverse_lerp(_low, _high, felt), 0.0, 1.0)
	var absolute := _absolute(frame, felt)
	var sure := frame.effective_confidence(target_entry) if frame else NAN
	if is_nan(felt) or sure < threshold:
		sure = NAN
	_pacing.step(delta, felt, SentioEntryConfidence.weight(sure), performance())
	intensity = _pacing.intensity
	_update_state()
	if not _pacing.frozen:
		_demand(delta, felt, sure, absolute)
	elif is_instance_valid(rails) and rails.ended:
		demand = rails.limit(what, demand, delta, true)
	_report(delta, felt, sure)


# The entry that a level ranks, 0..1; the level itself where that is not known.
func _absolute(frame: SentioAffectFrame, felt: float) -> float:
	var base := target_entry.trim_suffix(SentioAffectFrame.LEVEL)
	var value := frame.value(base) if frame and base != target_entry else NAN
	if is_nan(value):
		return felt
	return 0.5 + 0.5 * value if base == "arousal" else value


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


func _demand(delta: float, felt: float, sure: float, absolute: float) -> void:
	# The gate's weight fades out the correction when confidence is lost.
	_gate.step(delta, felt, sure)
	var led := _pid.step(delta, felt if is_finite(sure) else NAN, target) * _gate.trust
	var wanted := _pacing.pressure() + led
	var high := is_finite(sure) and is_finite(felt) and absolute >= distress_at
	_distress = _distress + SentioElapsed.of(delta) if high else 0.0
	if high and _distress >= distress_seconds:
		wanted = minf(wanted, demand)
	if is_finite(manual_demand):
		wanted = manual_demand
	demand = clampf(wanted, 0.0, 1.0)
	_requested = demand
	if is_instance_valid(rails):
		demand = rails.limit(what, demand, delta, true)


func _update_state() -> void:
	if _pacing.state != state:
		state = _pacing.state
		pacing_changed.emit(state)


func _report(delta: float, felt: float, sure: float) -> void:
	_reporting.step = report_step
	_reporting.gap = report_seconds
	if not _reporting.due(delta, demand, _cause(sure)):
		return
	var why := "%s, %s" % [STATE_NAMES[state], _reason(felt, sure)]
	if absf(demand - _requested) > 1e-6 and not _pacing.frozen:
		why += ", limited by rails"
	adaptation.emit(what, demand, why)
	_send_report(SentioAdaptation.new(what, demand, why, _requested).authored(_author()))


# A short word for what drives the demand: a change of it is reported at once.
func _cause(sure: float) -> String:
	if is_instance_valid(rails) and (rails.ended or rails.frozen):
		return str(rails.ended) if rails.ended else "frozen"
	if is_finite(manual_demand):
		return "by hand"
	return "affect" if is_finite(sure) else "none"


func _author() -> String:
	return _manual.by if is_finite(manual_demand) and is_finite(_manual.value) else ""


func _send_report(change: SentioAdaptation) -> void:
	if is_instance_valid(source):
		source.report(change)


func _end_hold(lasted: float) -> void:
	if is_finite(lasted):
		_send_report(SentioAdaptation.new(what, demand, "released").authored(_manual.by, lasted))


# Names affect only where it was used.
func _reason(felt: float, sure: float) -> String:
	if is_instance_valid(rails) and rails.ended:
		return str(rails.ended)
	if _pacing.frozen:
		return "frozen"
	if is_finite(manual_demand):
		return "set by hand"
	if is_finite(sure):
		return "%s %.2f for %.2f" % [target_entry, felt, target]
	return _status()


func _status() -> String:
	if not adapt:
		return "adaptation to affect is off"
	var waits := SentioFeedFinder.waits_for(source, target_entry, threshold)
	return waits if waits else "following %s" % target_entry
