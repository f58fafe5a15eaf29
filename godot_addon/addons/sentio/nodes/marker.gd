@tool
@icon("../icons/marker.svg")
class_name SentioMarker
extends Node
## Sends a named marker to a feed, without code: connect a signal to [method send].
##
## Markers return as events, are kept in recordings, and let the sidecar measure event responses.

## The marker was sent, or not.
signal sent(taken: bool)

## The feed.
@export var feed: SentioFeed:
	set(node):
		feed = node
		update_configuration_warnings()
## Name of the marker, such as [code]boss_spawned[/code].
@export var marker := &"":
	set(text):
		marker = text
		update_configuration_warnings()
## Additional data: what JSON can hold; vectors and colours become lists of numbers.
@export var data := {}
## Shortest time between two markers; earlier ones are not sent, because a response needs time to be
## measured.
@export_range(0.0, 60.0, 0.1, "suffix:s") var min_interval := 0.0
## Sends it when the node is ready, for example at the start of a level.
@export var send_when_ready := false

## Deprecated: the former name of [member min_interval]; to be removed in the next version.
var least_interval: float:
	get:
		SentioDeprecated.warn("SentioMarker.least_interval", "min_interval")
		return min_interval
	set(value):
		SentioDeprecated.warn("SentioMarker.least_interval", "min_interval")
		min_interval = value

var _last := -INF


func _ready() -> void:
	if send_when_ready and not Engine.is_editor_hint():
		send()


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if feed == null:
		warnings.append("Choose the feed, for example a SentioClient.")
	if marker.is_empty():
		warnings.append("Give the marker a name.")
	return warnings


## Sends it now; false if it could not be sent or came too soon after the last.
func send() -> bool:
	var now := Time.get_ticks_usec() * 1e-6
	var taken := false
	if is_instance_valid(feed) and not marker.is_empty() and now - _last >= min_interval:
		taken = feed.mark(marker, data)
	if taken:
		_last = now
	sent.emit(taken)
	return taken
