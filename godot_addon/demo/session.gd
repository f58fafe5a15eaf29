class_name DemoSession
extends Node
## Shared by all stages of the demo: settings, one feed, and the mood.

## Another feed is used from now on.
signal feed_changed(feed: SentioFeed)

## Keys of the simulator's scenarios.
const SCENARIO_KEYS := {
	KEY_F5: "rest",
	KEY_F6: "stress",
	KEY_F7: "joy",
	KEY_F8: "boredom",
	KEY_F10: "recovery",
}

var settings := DemoSettings.new()
var feed: SentioFeed
var mood := DemoMood.new()


func _ready() -> void:
	add_child(mood)
	add_child(DemoSmallWindow.new())
	connect_source()


## Replaces the feed by the one in the settings.
func connect_source() -> void:
	if feed:
		feed.queue_free()
	feed = DemoSources.make(settings)
	feed.name = "Feed"
	add_child(feed, true)
	mood.feed = feed
	mood.active = settings.adaptation
	feed_changed.emit(feed)


## Switches adaptation.
func set_adaptation(on: bool) -> void:
	settings.adaptation = on
	mood.active = on


## Sends a marker to the feed.
func mark(what: StringName, data: Dictionary = {}) -> void:
	if is_instance_valid(feed):
		feed.mark(what, data)


## Sets the simulator's [param scenario]; other feeds are not affected.
func play(scenario: String) -> void:
	var simulator := feed as SentioSimulator
	if simulator:
		simulator.scenario = scenario


func _unhandled_key_input(pressed: InputEvent) -> void:
	var key := pressed as InputEventKey
	if key and key.pressed and SCENARIO_KEYS.has(key.keycode):
		var scenario: String = SCENARIO_KEYS[key.keycode]
		play(scenario)
