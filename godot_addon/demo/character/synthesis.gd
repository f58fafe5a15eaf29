class_name CompanionSynthesis
extends RefCounted
## The sidecar's expression synthesis for valence and arousal, if a sidecar runs.
##
## Without one the demo uses its own prototypes ([CompanionShapes]).

## Seconds between requests; the result is eased.
const REQUEST_SECONDS := 0.2

## Blend shape weights by name; empty without a reply.
var weights := {}

var _due := 0.0
var _reply: SentioReply


## Requests [param place] if a request is due.
func advance(delta: float, feed: SentioFeed, place: Vector2) -> void:
	var client := feed as SentioClient
	if not client or client.link != SentioFeed.LinkState.LIVE:
		weights = {}
		return
	_take()
	_due -= delta
	if _due <= 0.0 and not _reply:
		_due = REQUEST_SECONDS
		_reply = client.request(
			"synthesise", {"valence": place.x, "arousal": place.y, "dominance": 0.2 * place.x}
		)


func _take() -> void:
	if not _reply or not _reply.done:
		return
	var response: Dictionary = _reply.body.get("response", {})
	weights = response.get("blendshapes", {})
	_reply = null
