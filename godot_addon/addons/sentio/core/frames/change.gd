class_name SentioChange
extends RefCounted
## A dimension has clearly changed: an event of kind [code]change[/code], typed (PROTOCOL.md,
## section 7).

## What moved: arousal, stress, valence ...
var dimension := ""
## Whether it rose.
var up := false
## When it began, seconds of the feed's clock.
var time := 0.0
## Seconds from then until it was found.
var since := 0.0
## The dimension before the change.
var before := NAN
## The dimension after the change.
var after := NAN
## Probability that it moved, 0..1.
var probability := 0.0
## The whole map.
var data := {}


## The change in [param event], a feed's event; null if it is of another kind or malformed.
static func from_event(event: Dictionary) -> SentioChange:
	if event.get("kind") != "change" or not event.get("data") is Dictionary:
		return null
	var made := SentioChange.new()
	made.data = event["data"]
	made.dimension = str(event.get("name", ""))
	made.up = made.data.get("direction") == "up"
	made.time = SentioResponse._number(event.get("time"), 0.0)
	made.since = SentioResponse._number(made.data.get("found"), made.time) - made.time
	made.before = SentioResponse._number(made.data.get("from"), NAN)
	made.after = SentioResponse._number(made.data.get("to"), NAN)
	made.probability = SentioResponse._number(made.data.get("probability"), 0.0)
	return made
