class_name SentioFeedFinder
extends RefCounted
## Finds the feed that a node means where it names none, and reads it with care.

## A state older than this is not a state any more, seconds (docs/behaviour.md).
const LONGEST_AGE := 1.0
## Seconds between two searches: a game without a feed shall not pay for one in every frame.
const SEARCH_SECONDS := 0.5

var _waited := INF


## The feed [param given], else the nearest one that a search of now and then finds, else null.
func of(given: SentioFeed, node: Node, delta: float) -> SentioFeed:
	if is_instance_valid(given):
		return given
	_waited += SentioElapsed.of(delta)
	if _waited < SEARCH_SECONDS:
		return null
	_waited = 0.0
	return near(node)


## The nearest feed above or beside [param node], else the autoload [code]Sentio[/code], else null.
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


## The newest state of [param feed], or null where there is none or it is too old to act on.
static func fresh(feed: SentioFeed) -> SentioAffectFrame:
	if not is_instance_valid(feed) or feed.latest == null or feed.age() > LONGEST_AGE:
		return null
	return feed.latest


## The entry [param name] of [param frame], NAN where it is not known.
static func value(frame: SentioAffectFrame, name: String) -> float:
	return frame.value(name) if frame else NAN


## Names for the editor's list of entries.
static func entry_hint() -> String:
	return ",".join(SentioAffectFrame.names)
