class_name DemoSession
extends Node
## What all stages of the demo share: the player's settings, one feed, and the eased mood.

## Another feed is followed from now on.
signal feed_changed(feed: SentioFeed)

## The keys that choose what the simulated person does.
const SCENARIO_KEYS := {
	KEY_F5: "rest",
	KEY_F6: "stress",
	KEY_F7: "joy",
	KEY_F8: "boredom",
	KEY_F9: "recovery",
}

var settings := DemoSettings.new()
var feed: SentioFeed
var mood := DemoMood.new()


func _ready() -> void:
	add_child(mood)
	connect_source()


## Builds the feed that the settings name, in place of the one before.
func connect_source() -> void:
	if feed:
		feed.queue_free()
	feed = DemoSources.make(settings)
	feed.name = "Feed"
	add_child(feed, true)
	mood.feed = feed
	mood.active = settings.adaptation
	feed_changed.emit(feed)


## Lets scenes answer to the player, or not.
func set_adaptation(on: bool) -> void:
	settings.adaptation = on
	mood.active = on


## Tells the feed what the player did or met.
func mark(what: StringName, data: Dictionary = {}) -> void:
	if is_instance_valid(feed):
		feed.mark(what, data)


## Makes the simulated person play [param scenario]; other feeds are not moved.
func play(scenario: String) -> void:
	var simulator := feed as SentioSimulator
	if simulator:
		simulator.scenario = scenario


func _unhandled_key_input(pressed: InputEvent) -> void:
	var key := pressed as InputEventKey
	if key and key.pressed and SCENARIO_KEYS.has(key.keycode):
		var scenario: String = SCENARIO_KEYS[key.keycode]
		play(scenario)
