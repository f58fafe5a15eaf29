class_name SentioResponse
extends RefCounted
## Response to a marker: an event of kind [code]first_response[/code] or [code]response[/code],
## typed (PROTOCOL.md, section 7).

## When the response was measured.
enum ResponsePhase {
	## Two seconds after the marker: whether the player startled.
	FIRST,
	## After nine seconds, from the whole response.
	REFINED,
}

## The kinds of its events, the first one and the refined one.
const KINDS: Array[String] = ["first_response", "response"]

## The marker's name.
var marker := ""
## When the marker was, seconds of the feed's clock.
var marker_time := 0.0
## A refined response replaces the first.
var phase := ResponsePhase.REFINED
## Whether the response is rarer than 1 in 20 among this person's quiet moments.
var detected := false
## orienting, defence, startle or empty.
var pattern := ""
## Whether it was a startle: sudden, and rarer than 1 in 20.
var startled: bool:
	get:
		return detected and pattern == "startle"
## 0..1.
var reliability := 0.0
## The whole map.
var data := {}


## The response in [param event], a feed's event; null if it is of another kind or malformed.
static func from_event(event: Dictionary) -> SentioResponse:
	var kind: Variant = event.get("kind")
	if not kind in KINDS or not event.get("data") is Dictionary:
		return null
	var made := SentioResponse.new()
	made.data = event["data"]
	made.marker = str(event.get("name", ""))
	made.marker_time = _number(made.data.get("marker_time"), 0.0)
	made.phase = (ResponsePhase.FIRST if kind == "first_response" else ResponsePhase.REFINED)
	made.detected = made.data.get("detected") == true
	made.pattern = str(made.data.get("pattern", ""))
	made.reliability = _number(made.data.get("reliability"), 0.0)
	return made


## Size of the change of [param signal_name] against quiet moments, a robust z; NAN if unknown.
func effect(signal_name: String) -> float:
	var one := _map(_map(data.get("changes")).get(signal_name))
	return _number(one.get("effect"), NAN)


static func _number(value: Variant, unknown: float) -> float:
	var number: float = value if value is float or value is int else unknown
	return number


static func _map(value: Variant) -> Dictionary:
	var map: Dictionary = value if value is Dictionary else {}
	return map
