class_name ArenaPacing
extends Node
## How much the arena asks of the player: build-up, peak, fade and relax by what they seem to feel
## and by how the game goes, behind rails.
##
## With adaptation off, or nobody known, the course of the game alone leads on.

## Foes at which the crowd alone counts as full intensity.
const CROWD := 14.0
## Seconds in which a hurt halves in how intense the game is held to be.
const HURT_HALF := 4.0
## What each state is called on the screen; players read moods, not states.
const WORDS := {
	SentioPacing.State.BUILD_UP: "the shades gather",
	SentioPacing.State.PEAK: "hold on",
	SentioPacing.State.FADE: "they falter",
	SentioPacing.State.RELAX: "breathe",
}
## The smallest number of foes that come even in calm, as intensity: an empty arena bores.
const LEAST := 0.06

## 0..1: how many foes come, how hot the light is, how full the music.
var intensity := LEAST
## One line for the player.
var phase := ""

var _session: DemoSession
var _pacing := SentioPacing.new()
var _rail := SentioRailLimiter.new()
var _hurt := 0.0


func _init() -> void:
	_pacing.build_up = 45.0
	_pacing.peak = 8.0
	_pacing.fade = 12.0
	_pacing.relax_least = 6.0
	_pacing.relax_most = 20.0
	_rail.low = LEAST
	_rail.safe = LEAST
	_rail.rise = 0.25
	_rail.fall = 0.35


## Follows the feed of [param session].
func set_up(session: DemoSession) -> void:
	_session = session
	session.feed_changed.connect(_follow)
	_follow(session.feed)


## Lets [param delta] seconds go by with [param foes] around.
func advance(delta: float, foes: int) -> void:
	_hurt *= pow(0.5, delta / HURT_HALF)
	var crowd := clampf(0.7 * foes / CROWD + _hurt, 0.0, 1.0)
	var before := _pacing.state
	var state := _pacing.step(delta, _affect(), _confidence(), crowd)
	intensity = _rail.step(delta, _pacing.pressure())
	phase = WORDS[state]
	if state != before:
		_report(state)


## The hero was hurt.
func hero_hurt() -> void:
	_hurt = minf(_hurt + 0.35, 1.0)


## Begins anew, gently.
func begin() -> void:
	_pacing.enter(SentioPacing.State.BUILD_UP)
	_hurt = 0.0


func _frame() -> SentioAffectFrame:
	if not _session.settings.adaptation or not is_instance_valid(_session.feed):
		return null
	return _session.feed.latest


func _affect() -> float:
	var frame := _frame()
	return 0.5 + 0.5 * frame.value("arousal") if frame else NAN


func _confidence() -> float:
	var frame := _frame()
	var known := frame.value("confidence", 0.0) if frame else 0.0
	return known if known >= DemoMood.LEAST_CONFIDENCE else 0.0


func _report(state: SentioPacing.State) -> void:
	var name: String = SentioPacing.State.find_key(state)
	_session.mark(&"pacing", {"state": name.to_lower()})
	if is_instance_valid(_session.feed):
		_session.feed.report_adaptation(&"spawn_pressure", _pacing.pressure(), name.to_lower())


func _follow(feed: SentioFeed) -> void:
	feed.detail.connect(_on_detail)


func _on_detail(_subject: String, detail: Dictionary) -> void:
	_rail.frozen = detail.get("frozen", false) == true
