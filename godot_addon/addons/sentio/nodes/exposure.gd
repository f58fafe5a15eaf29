@tool
@icon("../icons/rails.svg")
class_name SentioExposure
extends Node
## Graded exposure: steps that a helper can hold, step back and end at any time.
##
## With [member adapt] on, the programme goes one step further after the player was calm for
## [member calm_seconds], and one step back after [member tense_seconds] above [member tense_above];
## unknown affect never goes further. [method hold], [method step_back] and [method finish] always
## work at once. Every move is in [member moves], and is reported, with its author.

## A step was entered; [param by] moved it.
signal moved(step: int, by: String)
## It was held or continues.
signal held_changed(held: bool, by: String)
## It is over: the scene leads back to the ground.
signal ended(by: String)

## Author of the moves that the programme makes.
const PROGRAMME := "programme"
## Most entries of [member moves].
const MOST_MOVES := 1000

## Whether the programme moves by affect; if not, only people move it.
@export var adapt := true
## The affect source; empty uses the nearest feed, or the autoload [code]Sentio[/code].
@export var source: SentioFeed
## The entry that is followed.
@export var entry := "stress_level"
## Number of the last step; 0 is the ground.
@export_range(1, 100) var steps := 8
## Calm is at most this.
@export_range(0.0, 1.0, 0.01) var calm_below := 0.5
## Tense is at least this.
@export_range(0.0, 1.0, 0.01) var tense_above := 0.85
## Seconds of calm after which the programme goes further.
@export_range(1.0, 300.0, 1.0, "suffix:s") var calm_seconds := 12.0
## Seconds of tension after which it goes back.
@export_range(1.0, 120.0, 1.0, "suffix:s") var tense_seconds := 6.0
## Shortest time on a step before the programme goes further.
@export_range(1.0, 600.0, 1.0, "suffix:s") var least_seconds := 20.0
## Share of the height that tension takes back at once, before a step is taken back: all of it at
## [member tense_above], none at [member calm_below]. 0 leaves it to the steps.
@export_range(0.0, 1.0, 0.01) var relief := 0.0
## Smallest confidence of the entry at which it is used.
@export_range(0.0, 1.0, 0.005) var threshold := SentioEntryConfidence.LEAST
## Largest speed of [member height], steps per second.
@export_range(0.01, 2.0, 0.01, "suffix:steps/s") var speed := 0.2
## Name in reports and recordings.
@export var what := &"exposure"

## The current step.
var step := 0
## Whether it is held.
var held := false
## Whether the exposure has ended.
var finished := false
## Where the scene is between the steps, eased: the game moves by this.
var height := 0.0
## Whether the entry is followed or why not, in one line.
var status: String:
	get:
		return _status()
## Every move: [code]{seconds, step, by, why}[/code], the oldest first.
var moves: Array[Dictionary] = []
## Deprecated: the former name of [member finished]; to be removed in the next version.
var over: bool:
	get:
		SentioDeprecated.warn("SentioExposure.over", "finished")
		return finished
	set(value):
		SentioDeprecated.warn("SentioExposure.over", "finished")
		finished = value

var _clock := 0.0
var _on_step := 0.0
var _calm := 0.0
var _tense := 0.0
var _tension := 0.0
var _finder := SentioFeedFinder.new()


func _ready() -> void:
	set_process(not Engine.is_editor_hint())


func _process(delta: float) -> void:
	advance(delta)


func _validate_property(info: Dictionary) -> void:
	SentioFeedFinder.suggest_entries(info)


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if not entry in SentioAffectFrame.names:
		warnings.append("There is no entry '%s' in the affect vector." % entry)
	if calm_below >= tense_above:
		warnings.append("Calm is not below tense: it would go further and back at once.")
	var waits := SentioFeedFinder.warning_of(source, self, entry)
	if waits:
		warnings.append(waits)
	return warnings


## Advances by [param delta] seconds; called by [method _process].
func advance(delta: float) -> void:
	var time := SentioElapsed.of(SentioElapsed.real(delta))
	_clock += time
	_on_step += time
	if not is_instance_valid(source):
		source = _finder.of(null, self, time)
	if finished or held:
		_calm = 0.0
		_tense = 0.0
	else:
		_follow_affect(time)
	height = move_toward(height, step * (1.0 - relief * _tension), speed * time)


## Holds it where it is.
func hold(by: String) -> void:
	if not held and not finished:
		held = true
		_note(by, "held")
		held_changed.emit(true, by)


## Continues after [method hold].
func resume(by: String) -> void:
	if held and not finished:
		held = false
		_note(by, "continues")
		held_changed.emit(false, by)


## Goes one step further, also while it is held.
func step_forward(by: String) -> void:
	if not finished and step < steps:
		_enter(step + 1, by, "further")


## Goes one step back, also while it is held.
func step_back(by: String) -> void:
	if not finished and step > 0:
		_enter(step - 1, by, "back")


## Ends it: back to the ground.
func finish(by: String) -> void:
	if finished:
		return
	finished = true
	_enter(0, by, "ended")
	ended.emit(by)


## Starts again from the ground.
func restart() -> void:
	finished = false
	held = false
	step = 0
	moves.clear()
	_clock = 0.0
	_on_step = 0.0


func _status() -> String:
	if finished:
		return "finished: on the way to the ground"
	if held:
		return "held at step %d" % step
	if not adapt:
		return "adaptation is off"
	var waits := SentioFeedFinder.waits_for(source, entry, threshold)
	return waits if waits else "following %s" % entry


func _follow_affect(time: float) -> void:
	var frame := SentioFeedFinder.fresh(source) if adapt else null
	var value := (
		frame.effective_value(entry)
		if frame and frame.effective_confidence(entry) >= threshold
		else NAN
	)
	# An estimate fluctuates: a short excursion takes back as much as it lasted, not everything.
	_calm = clampf(_calm + (time if value <= calm_below else -time), 0.0, calm_seconds)
	_tense = clampf(_tense + (time if value >= tense_above else -time), 0.0, tense_seconds)
	if is_finite(value):
		_tension = smoothstep(calm_below, maxf(tense_above, calm_below + 1e-3), value)
	elif not adapt:
		_tension = 0.0
	if _tense >= tense_seconds and step > 0:
		_enter(
			step - 1, PROGRAMME, "%s above %.2f for %.0f s" % [entry, tense_above, tense_seconds]
		)
	elif _calm >= calm_seconds and _on_step >= least_seconds and step < steps:
		_enter(step + 1, PROGRAMME, "%s below %.2f for %.0f s" % [entry, calm_below, calm_seconds])


func _enter(next: int, by: String, why: String) -> void:
	step = next
	_on_step = 0.0
	_calm = 0.0
	_tense = 0.0
	_note(by, why)
	moved.emit(step, by)


func _note(by: String, why: String) -> void:
	moves.append({"seconds": snappedf(_clock, 0.1), "step": step, "by": by, "why": why})
	if moves.size() > MOST_MOVES:
		moves.pop_front()
	if is_instance_valid(source):
		var change := SentioAdaptation.new(what, float(step) / steps, "step %d, %s" % [step, why])
		source.report(change.authored("" if by == PROGRAMME else by))
		source.mark(what, {"step": step, "by": by, "why": why})
