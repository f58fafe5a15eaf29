class_name SentioFeed
extends Node
## Where affect comes from: a running sidecar, a recorded file or a simulator.
##
## Bindings, directors and screens are given a feed and cannot tell which kind it is:
## [SentioClient], [SentioPlayer] and [SentioSimulator] are feeds.

## A new state of a person. Only the newest of several that came since the last rendered frame.
signal frame(frame: SentioAffectFrame)
## Something happened: the map of PROTOCOL.md, section 7. None is left out.
signal event(subject: String, event: Dictionary)
## What a person may want to read: the map of PROTOCOL.md, section 5.
signal detail(subject: String, detail: Dictionary)
## The link changed; [param reason] is one line for a person.
signal link_state_changed(state: SentioFeed.LinkState, reason: String)
## Deprecated: the former name of [signal link_state_changed]; goes with the next version.
signal link_state(state: SentioFeed.LinkState, reason: String)
## What is agreed to changed: sensor to granted purposes.
signal consent_changed(granted: Dictionary)

## How the feed stands with its origin.
enum LinkState {
	## Stopped, or not started.
	OFF,
	## Looking for its origin.
	CONNECTING,
	## States come.
	LIVE,
	## Connected, but no state comes.
	SILENT,
	## It was there and has gone; it is looked for.
	LOST,
	## It will not work as things are: [member link_reason] says what to change.
	REFUSED,
}

## Whose state is followed; empty follows the first person that is heard of.
@export var subject := ""

## The newest state of [member subject], or null before the first.
var latest: SentioAffectFrame
## The newest detail of [member subject], empty before the first.
var latest_detail := {}:
	get:
		_refresh_detail()
		return latest_detail
## The link as it was told last.
var link := LinkState.OFF
## Why the link is so, in one line.
var link_reason := ""


## Tells what the game did or saw, as an event of kind `marker`; false where nobody can take it.
func mark(_name: StringName, _data: Dictionary = {}) -> bool:
	return false


## Tells which adaptation was made, for the record; false where nobody can take it.
func report_adaptation(_what: StringName, _value: float, _why: String = "") -> bool:
	return false


## The age of the newest state in seconds, infinite before the first.
func age() -> float:
	return INF


# A feed may put off decoding a detail until somebody reads it: most games never do.
func _refresh_detail() -> void:
	pass


# Emits the link's state and reason, under the former name too.
func _emit_link_state() -> void:
	link_state_changed.emit(link, link_reason)
	if not link_state.get_connections().is_empty():
		SentioDeprecated.warn("SentioFeed.link_state", "link_state_changed")
		link_state.emit(link, link_reason)
