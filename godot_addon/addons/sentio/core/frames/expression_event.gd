class_name SentioExpressionEvent
extends RefCounted
## The person laughed, frowned, yawned, startled or sighed: an event of kind
## [code]expression[/code], typed (PROTOCOL.md, section 7).

## What was shown: laughter, frown, yawn, startle or sigh; later versions may add more.
var expression := ""
## When it began, seconds of the feed's clock.
var time := 0.0
## Seconds from then until it was found.
var since := 0.0
## How strongly, 0..1.
var strength := 0.0
## Probability, 0..1; NAN if only a movement was measured.
var probability := NAN
## Signals that showed a startle: face, head, voice, skin, heart; empty for others.
var sources: PackedStringArray = []
## The whole map.
var data := {}


## The expression in [param event], a feed's event; null if it is of another kind or malformed.
static func from_event(event: Dictionary) -> SentioExpressionEvent:
	if event.get("kind") != "expression" or not event.get("data") is Dictionary:
		return null
	var made := SentioExpressionEvent.new()
	made.data = event["data"]
	made.expression = str(event.get("name", ""))
	made.time = SentioResponse._number(event.get("time"), 0.0)
	made.since = SentioResponse._number(made.data.get("found"), made.time) - made.time
	made.strength = SentioResponse._number(made.data.get("strength"), 0.0)
	made.probability = SentioResponse._number(made.data.get("probability"), NAN)
	if made.data.get("sources") is Array:
		for source: Variant in made.data["sources"]:
			made.sources.append(str(source))
	return made
