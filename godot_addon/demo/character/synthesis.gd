class_name CompanionSynthesis
extends RefCounted
## The face that the sidecar proposes for a place in valence and arousal, where a sidecar is there.
##
## Without one the demo shows prototypes of its own ([CompanionShapes]).

## How often it asks; what it shows is eased in between.
const ASK_SECONDS := 0.2

## Blend shape weights by name; empty where no sidecar answers.
var weights := {}

var _due := 0.0
var _asked: SentioReply


## Asks for [param place] when it is time to.
func advance(delta: float, feed: SentioFeed, place: Vector2) -> void:
	var client := feed as SentioClient
	if not client or client.link != SentioFeed.LinkState.LIVE:
		weights = {}
		return
	_take()
	_due -= delta
	if _due <= 0.0 and not _asked:
		_due = ASK_SECONDS
		_asked = client.request(
			"synthesise", {"valence": place.x, "arousal": place.y, "dominance": 0.2 * place.x}
		)


func _take() -> void:
	if not _asked or not _asked.done:
		return
	var response: Dictionary = _asked.body.get("response", {})
	weights = response.get("blendshapes", {})
	_asked = null
