class_name ArenaPacing
extends Node
## Connects the arena with the director: reports performance and reads the demand.
##
## With adaptation off, or without known affect, the game's performance alone drives the states.

## A peak is over and the hero is alive.
signal outlived
## A peak begins.
signal peaked

## Number of foes that counts as full intensity.
const CROWD := 14.0
## Half-life in seconds of damage in the performance signal.
const HURT_HALF := 4.0
## Text on the screen for each state.
const WORDS := {
	SentioPacing.PacingState.BUILD_UP: "the shades gather",
	SentioPacing.PacingState.PEAK: "hold on",
	SentioPacing.PacingState.FADE: "they falter",
	SentioPacing.PacingState.RELAX: "breathe",
}
## Smallest intensity for foes: an empty arena is dull.
const LEAST := 0.2
## Highest intensity at the beginning of a night, and seconds until it may be full: the director
## knows the player only after some seconds.
const OPENING := 0.3
const OPENING_SECONDS := 15.0

## Derives the demand from affect and performance.
@export var director: SentioDirector
## Limits the director's demand.
@export var rails: SentioRails
## Camera response to arousal.
@export var widening: SentioBinding

## Intensity of foes, light and music, 0..1.
var intensity := LEAST
## Text for the player.
var phase := ""

var _session: DemoSession
var _hurt := 0.0
var _played := 0.0
var _state := SentioPacing.PacingState.BUILD_UP


## Follows the feed of [param session].
func set_up(session: DemoSession) -> void:
	_session = session
	session.feed_changed.connect(_follow)
	_follow(session.feed)
	director.pacing_changed.connect(_on_pacing)
	_state = director.state


## Advances by [param delta] seconds with [param foes] foes.
func advance(delta: float, foes: int) -> void:
	_hurt *= pow(0.5, delta / HURT_HALF)
	director.adapt = _session.settings.adaptation
	widening.adapt = _session.settings.adaptation
	director.set_performance(&"crowd", 0.8 * foes / CROWD + _hurt)
	_played += delta
	var most := lerpf(OPENING, 1.0, minf(_played / OPENING_SECONDS, 1.0))
	intensity = clampf(director.demand, LEAST, most)
	phase = WORDS[director.state]


## The hero took damage.
func hero_hurt() -> void:
	_hurt = minf(_hurt + 0.35, 1.0)


## Restarts at low intensity.
func begin() -> void:
	director.enter(SentioPacing.PacingState.BUILD_UP)
	_hurt = 0.0
	_played = 0.0


func _follow(feed: SentioFeed) -> void:
	director.source = feed
	rails.feed = feed
	widening.source = feed


func _on_pacing(state: SentioPacing.PacingState) -> void:
	_session.mark(&"pacing", {"state": SentioDirector.STATE_NAMES[state]})
	var before := _state
	_state = state
	if state == SentioPacing.PacingState.PEAK:
		peaked.emit()
	if before == SentioPacing.PacingState.PEAK and state == SentioPacing.PacingState.FADE:
		outlived.emit()
