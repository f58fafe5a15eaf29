class_name SentioFrustration
extends RefCounted
## Frustration that lasts over several lines of text began or ended: an event of kind
## [code]frustration[/code], typed (PROTOCOL.md, section 7).

## Whether it began; if not, it ended.
var began := false
## When, seconds of the feed's clock.
var time := 0.0
## How much, 0..1.
var level := 0.0
## At what most of the anger is aimed: game, people or unclear.
var target := ""
## The whole map.
var data := {}


## The frustration in [param event], a feed's event; null if it is of another kind or malformed.
static func from_event(event: Dictionary) -> SentioFrustration:
	if event.get("kind") != "frustration" or not event.get("data") is Dictionary:
		return null
	var made := SentioFrustration.new()
	made.data = event["data"]
	made.began = event.get("name") == "began"
	made.time = SentioResponse._number(event.get("time"), 0.0)
	made.level = SentioResponse._number(made.data.get("level"), 0.0)
	made.target = str(made.data.get("target", "unclear"))
	return made
