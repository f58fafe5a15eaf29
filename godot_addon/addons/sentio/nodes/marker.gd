@tool
@icon("../icons/marker.svg")
class_name SentioMarker
extends Node
## Tells the feed what happened in the game, with no code: connect a signal to [method send].
##
## Markers come back as events, are kept in recordings, and let the sidecar measure how the person
## responded.

## The marker was taken, or not.
signal sent(taken: bool)

## The feed that is told.
@export var feed: SentioFeed:
	set(node):
		feed = node
		update_configuration_warnings()
## What happened, as a name: [code]boss_spawned[/code].
@export var marker := &"":
	set(text):
		marker = text
		update_configuration_warnings()
## What else to note: texts, numbers, true and false.
@export var data := {}
## Markers that follow the last one within this time are left out: a response needs some quiet.
@export_range(0.0, 60.0, 0.1, "suffix:s") var least_interval := 0.0
## Tells it when the node is ready, as for the start of a level.
@export var send_when_ready := false

var _last := -INF


func _ready() -> void:
	if send_when_ready and not Engine.is_editor_hint():
		send()


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if feed == null:
		warnings.append("Choose the feed that is told: a SentioClient, for example.")
	if marker.is_empty():
		warnings.append("Give the marker a name.")
	return warnings


## Tells it now; false where nobody took it or it came too soon after the last.
func send() -> bool:
	var now := Time.get_ticks_usec() * 1e-6
	var taken := false
	if is_instance_valid(feed) and not marker.is_empty() and now - _last >= least_interval:
		taken = feed.mark(marker, data)
	if taken:
		_last = now
	sent.emit(taken)
	return taken
