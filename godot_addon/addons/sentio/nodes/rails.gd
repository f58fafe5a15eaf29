@tool
@icon("../icons/rails.svg")
class_name SentioRails
extends Node
## Safety limits of all adaptation: range, speed, flashes, freeze, safe stop, session length.
##
## Bindings and directors with rails apply them automatically. From code:
## [codeblock]
## rails.define(&"fog", 0.0, 0.4)
## environment.fog_density = rails.limit(&"fog", wanted, delta)
## lamp.light_color = rails.limit_colour(&"lamp", Color.RED, delta)
## [/codeblock]
## Limited values are logged in [member audit]. Pass game time, as in [method Node._process]; limits
## per second are per second of real time, whatever [member Engine.time_scale] is.

## A request for [param what] was limited from [param requested] to [param given] by [param rail].
signal limited(what: StringName, requested: float, given: float, rail: StringName)
## Adaptation ended permanently: by a safe stop or the session's end.
signal stopped(why: StringName)
## Adaptation was frozen or unfrozen.
signal frozen_changed(frozen: bool)

## Names of the rails in signals and audit, by [enum SentioRailLimiter.Rail].
const NAMES: Array[StringName] = [
	&"", &"clamp", &"slew", &"frozen", &"safe_stop", &"session_over", &"not_finite"
]
## Most audit entries; the oldest are dropped.
const MAX_AUDITED := 256
## Smallest change of a value that is reported, as a share of its range.
const REPORT_STEP := 0.05
## Seconds between two checks whether the feed is frozen.
const FEED_SECONDS := 0.5

## If set, follows this feed's freeze, so that an operator can freeze a game.
@export var feed: SentioFeed
## Limits flashing to three times a second (WCAG 2.2, 2.3.1).
@export var photosensitivity := true
## Largest rise of a value per second, as a share of its range.
@export_range(0.01, 10.0, 0.01, "or_greater", "suffix:/s") var rise := 0.25
## Largest fall of a value per second, as a share of its range; less is allowed to come quickly.
@export_range(0.01, 10.0, 0.01, "or_greater", "suffix:/s") var fall := 1.0
## Duration of a safe stop in seconds.
@export_range(0.0, 30.0, 0.1, "suffix:s") var stop_seconds := 2.0
## Length of the session in minutes; 0 for no limit.
@export_range(0.0, 240.0, 1.0, "suffix:min") var session_minutes := 0.0

## Limited values: [code]{what, requested, given, rail, count}[/code], the newest last.
## Consecutive steps of one kind are one entry with the last numbers.
var audit: Array[Dictionary] = []
## Whether values are frozen.
var frozen := false
## Why adaptation ended: [code]safe_stop[/code], [code]session_over[/code], or empty.
var ended := &""
## Seconds since the session began.
var session := 0.0

var _frozen_here := false
var _freeze_began := 0.0
var _frozen_there := false
var _since_poll := FEED_SECONDS
var _finder := SentioFeedFinder.new()
# The nearest feed, for reports where none is set.
var _near: SentioFeed
var _gates: Dictionary[StringName, SentioReportGate] = {}
var _limiters: Dictionary[StringName, SentioRailLimiter] = {}
var _lights: Dictionary[StringName, SentioFlashGuard] = {}
var _colours: Dictionary[StringName, SentioColourGuard] = {}


func _ready() -> void:
	set_process(not Engine.is_editor_hint())


func _process(delta: float) -> void:
	advance(delta)


func _get_configuration_warnings() -> PackedStringArray:
	if photosensitivity:
		return []
	return ["Flashes are not limited: people with photosensitive epilepsy may be harmed."]


## Advances the session by [param delta] seconds; called by [method _process].
func advance(delta: float) -> void:
	var time := SentioElapsed.of(SentioElapsed.real(delta))
	session += time
	_since_poll += time
	if not is_instance_valid(feed) and not is_instance_valid(_near):
		_near = _finder.of(null, self, time)
	if _since_poll >= FEED_SECONDS and is_instance_valid(feed):
		_since_poll = 0.0
		var held: bool = feed.latest_detail.get("frozen", false) == true
		_set_frozen(_frozen_here, held)
	if not ended and session_minutes > 0.0 and session >= 60.0 * session_minutes:
		_end(&"session_over", "session limit")


## Sets the range of [param what] and the target of a safe stop.
func define(what: StringName, low: float, high: float, safe := NAN) -> void:
	var limiter := SentioRailLimiter.new()
	limiter.low = minf(low, high)
	limiter.high = maxf(low, high)
	limiter.safe = clampf(0.0 if is_nan(safe) else safe, limiter.low, limiter.high)
	_limiters[what] = limiter


## Forgets [param what], which is gone: its range, its limits and its flashes. Bindings do it when
## they are freed.
func forget(what: StringName) -> void:
	for kept: Dictionary in [_limiters, _lights, _colours, _gates]:
		kept.erase(what)


## Returns the limited value of [param requested]; without [method define] the range is 0..1.
## Changes are reported to the feed, unless [param reported]: the caller reports them itself.
func limit(what: StringName, requested: float, delta: float, reported := false) -> float:
	if not _limiters.has(what):
		define(what, 0.0, 1.0)
	var limiter := _limiters[what]
	limiter.rise = rise * (limiter.high - limiter.low)
	limiter.fall = fall * (limiter.high - limiter.low)
	limiter.stop_seconds = stop_seconds
	limiter.frozen = frozen
	limiter.stopped = not ended.is_empty()
	var given := limiter.step(SentioElapsed.real(delta), requested)
	if limiter.rail != SentioRailLimiter.Rail.NONE:
		var stop := limiter.rail == SentioRailLimiter.Rail.SAFE_STOP
		_note(what, requested, given, ended if stop else NAMES[limiter.rail])
	if not reported:
		_report(limiter, what, requested, given, SentioElapsed.real(delta))
	return given


## Returns the relative luminance, 0..1, that may be shown for [param requested].
func limit_light(what: StringName, requested: float, delta: float) -> float:
	if not photosensitivity:
		return clampf(requested, 0.0, 1.0) if is_finite(requested) else 0.0
	if not _lights.has(what):
		_lights[what] = SentioFlashGuard.new()
	var given := _lights[what].step(SentioElapsed.real(delta), requested)
	if given != clampf(requested, 0.0, 1.0):
		_note(what, requested, given, &"flash")
	return given


## Returns the colour that may be shown for [param requested], clamped to 1. Alpha is not changed.
func limit_colour(what: StringName, requested: Color, delta: float) -> Color:
	if not photosensitivity:
		return requested
	if not _colours.has(what):
		_colours[what] = SentioColourGuard.new()
	var wanted := requested.clamp()
	var linear := wanted.srgb_to_linear()
	var got := _colours[what].step(SentioElapsed.real(delta), linear.r, linear.g, linear.b)
	var given := Color(got[0], got[1], got[2], requested.a).linear_to_srgb()
	if given.is_equal_approx(wanted):
		return wanted
	_note(what, linear.get_luminance(), given.srgb_to_linear().get_luminance(), &"flash")
	return given


## Freezes all values until [method unfreeze]; [param by] is reported as the author.
func freeze(by := "game") -> void:
	if not _frozen_here:
		_freeze_began = session
		_send_report(SentioAdaptation.new(&"freeze", 1.0, "frozen").authored(by))
	_set_frozen(true, _frozen_there)


## Unfreezes values, unless the feed is frozen; [param by] is reported as the author.
func unfreeze(by := "game") -> void:
	if _frozen_here:
		var lasted := session - _freeze_began
		_send_report(SentioAdaptation.new(&"freeze", 0.0, "unfrozen").authored(by, lasted))
	_set_frozen(false, _frozen_there)


## Moves all values to their safe ones within [member stop_seconds] and keeps them there;
## [param by] is reported as the author.
func safe_stop(by := "game") -> void:
	if not ended:
		_end(&"safe_stop", by)


## Starts a new session, after the person agreed to continue.
func restart() -> void:
	ended = &""
	session = 0.0
	for what: StringName in _limiters.keys():
		var before := _limiters[what]
		define(what, before.low, before.high, before.safe)
	unfreeze()


func _end(why: StringName, by: String) -> void:
	ended = why
	_send_report(SentioAdaptation.new(&"safe_stop", 1.0, str(why)).authored(by))
	stopped.emit(why)


func _set_frozen(here: bool, there: bool) -> void:
	_frozen_here = here
	_frozen_there = there
	if frozen != (here or there):
		frozen = here or there
		frozen_changed.emit(frozen)


# Values that the game itself passes through the rails.
func _report(
	limiter: SentioRailLimiter, what: StringName, requested: float, given: float, time: float
) -> void:
	if not _gates.has(what):
		_gates[what] = SentioReportGate.new()
	var gate := _gates[what]
	gate.step = REPORT_STEP * maxf(limiter.high - limiter.low, 1e-9)
	var rail := str(ended) if ended else str(NAMES[limiter.rail])
	if gate.due(time, given, rail):
		var why := "limited by the rail %s" % rail if rail else "set by the game"
		_send_report(SentioAdaptation.new(what, given, why, requested))


func _send_report(adaptation: SentioAdaptation) -> void:
	if not is_instance_valid(feed) and not is_instance_valid(_near):
		_near = _finder.of(null, self, 0.0)
	var found := feed if is_instance_valid(feed) else _near
	if is_instance_valid(found):
		found.report(adaptation)


func _note(what: StringName, requested: float, given: float, rail: StringName) -> void:
	limited.emit(what, requested, given, rail)
	for index in range(audit.size() - 1, maxi(-1, audit.size() - 9), -1):
		var entry := audit[index]
		if entry["what"] == what:
			if entry["rail"] != rail:
				break
			entry["requested"] = requested
			entry["given"] = given
			entry["count"] += 1
			return
	audit.append({"what": what, "requested": requested, "given": given, "rail": rail, "count": 1})
	if audit.size() > MAX_AUDITED:
		audit.pop_front()
