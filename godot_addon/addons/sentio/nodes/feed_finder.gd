class_name SentioFeedFinder
extends RefCounted
## Finds a node's feed if none is set, and reads it safely.

## Longest age of a state that is used, in seconds (docs/behaviour.md).
const LONGEST_AGE := 1.0
## Seconds between two searches, to limit their cost in a game without a feed.
const SEARCH_SECONDS := 0.5

var _waited := INF


## The feed [param given], else the nearest one, searched for periodically, else null.
func of(given: SentioFeed, node: Node, delta: float) -> SentioFeed:
	if is_instance_valid(given):
		return given
	_waited += SentioElapsed.of(delta)
	if _waited < SEARCH_SECONDS:
		return null
	_waited = 0.0
	return near(node)


## The nearest feed among parents and siblings of [param node], else the autoload
## [code]Sentio[/code], else null.
static func near(node: Node) -> SentioFeed:
	var at := node
	while at and at.is_inside_tree():
		if at is SentioFeed:
			return at
		for child in at.get_children():
			if child is SentioFeed:
				return child
		at = at.get_parent()
	return null


## The newest state of [param feed], or null if there is none or it is too old.
static func fresh(feed: SentioFeed) -> SentioAffectFrame:
	if not is_instance_valid(feed) or feed.latest == null or feed.age() > LONGEST_AGE:
		return null
	return feed.latest


## The entry [param name] of [param frame]; NAN if unknown.
static func value(frame: SentioAffectFrame, name: String) -> float:
	return frame.value(name) if frame else NAN


## Entry names for the editor's suggestions.
static func entry_hint() -> String:
	return ",".join(SentioAffectFrame.names)
