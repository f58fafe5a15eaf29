class_name ArenaPacing
extends Node
## Tells the director how the game goes, and the arena what the director asks for.
##
## With adaptation off, or nobody known, the course of the game alone leads through the states.

## A peak is over and the hero still stands.
signal outlived

## Foes at which the crowd alone counts as full intensity.
const CROWD := 14.0
## Seconds in which a hurt halves in how intense the game is held to be.
const HURT_HALF := 4.0
## What each state is called on the screen; players read moods, not states.
const WORDS := {
	SentioPacing.PacingState.BUILD_UP: "the shades gather",
	SentioPacing.PacingState.PEAK: "hold on",
	SentioPacing.PacingState.FADE: "they falter",
	SentioPacing.PacingState.RELAX: "breathe",
}
## The smallest number of foes that come even in calm, as intensity: an empty arena bores.
const LEAST := 0.06

## Asks for more or less by affect and performance.
@export var director: SentioDirector
## Has the last word on what the director asks for.
@export var rails: SentioRails
## The camera's answer to arousal.
@export var widening: SentioBinding

## 0..1: how many foes come, how hot the light is, how full the music.
var intensity := LEAST
## One line for the player.
var phase := ""

var _session: DemoSession
var _hurt := 0.0
var _state := SentioPacing.PacingState.BUILD_UP


## Follows the feed of [param session].
func set_up(session: DemoSession) -> void:
	_session = session
	session.feed_changed.connect(_follow)
	_follow(session.feed)
	director.pacing_changed.connect(_on_pacing)
	_state = director.state


## Lets [param delta] seconds go by with [param foes] around.
func advance(delta: float, foes: int) -> void:
	_hurt *= pow(0.5, delta / HURT_HALF)
	director.adapt = _session.settings.adaptation
	widening.adapt = _session.settings.adaptation
	director.set_performance(&"crowd", 0.8 * foes / CROWD + _hurt)
	intensity = maxf(director.demand, LEAST)
	phase = WORDS[director.state]


## The hero was hurt.
func hero_hurt() -> void:
	_hurt = minf(_hurt + 0.35, 1.0)


## Begins anew, gently.
func begin() -> void:
	director.enter(SentioPacing.PacingState.BUILD_UP)
	_hurt = 0.0


func _follow(feed: SentioFeed) -> void:
	director.source = feed
	rails.feed = feed
	widening.source = feed


func _on_pacing(state: SentioPacing.PacingState) -> void:
	_session.mark(&"pacing", {"state": SentioDirector.STATE_NAMES[state]})
	var before := _state
	_state = state
	if before == SentioPacing.PacingState.PEAK and state == SentioPacing.PacingState.FADE:
		outlived.emit()
