class_name SentioFeedFinder
extends RefCounted
## Finds a node's feed if none is set, and reads it safely.

## Longest age of a state that is used, in seconds (docs/behaviour.md).
const LONGEST_AGE := 1.0
## Seconds between two searches, to limit their cost in a game without a feed.
const SEARCH_SECONDS := 0.5

var _waited := INF


## The feed [param given], else the nearest one, searched for periodically, else null. [param given]
## may be null or freed.
func of(given: Variant, node: Node, delta: float) -> SentioFeed:
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


## The newest state of [param feed], which may be freed; null if there is none or it is too old.
static func fresh(feed: Variant) -> SentioAffectFrame:
	if not is_instance_valid(feed):
		return null
	var found: SentioFeed = feed
	return found.fresh_frame()


## Connects [param handler] to [param raised], or disconnects it, whatever it was before.
static func listen(raised: Signal, handler: Callable, on: bool) -> void:
	if on and not raised.is_connected(handler):
		raised.connect(handler)
	elif not on and raised.is_connected(handler):
		raised.disconnect(handler)


## Why the entry [param name] of [param feed] is not followed, in one line; empty if it is, with a
## confidence of at least [param threshold].
static func waits_for(feed: Variant, name: String, threshold: float) -> String:
	if not is_instance_valid(feed):
		return "no feed in reach: set 'source', or add a feed above or beside this node"
	var found: SentioFeed = feed
	var frame := fresh(found)
	if frame == null:
		return "no state for more than %.0f s: %s" % [LONGEST_AGE, found.link_reason]
	if is_nan(frame.effective_value(name)):
		return "%s is unknown: the state is '%s'" % [name, frame.state]
	var sure := frame.effective_confidence(name)
	return (
		""
		if sure >= threshold
		else ("%s has confidence %.2f, below %.2f" % [name, sure, threshold])
	)


## Why a node in the editor would wait for the entry [param name]; empty if it need not.
static func warning_of(given: SentioFeed, node: Node, name: String) -> String:
	if not node.is_inside_tree():
		return ""
	var feed := given if is_instance_valid(given) else near(node)
	if feed == null and not ProjectSettings.has_setting("autoload/Sentio"):
		return "There is no feed in reach: set 'source', or add a feed above or beside this node."
	if feed is SentioSimulator and name in (feed as SentioSimulator).unknown:
		return "The simulator is set to leave '%s' unknown." % name
	return ""


## The entry [param name] of [param frame]; NAN if unknown.
static func value(frame: SentioAffectFrame, name: String) -> float:
	return frame.value(name) if frame else NAN


## Makes the inspector suggest entry names for the property [code]entry[/code]; [param info] is the
## argument of [method Object._validate_property].
static func suggest_entries(info: Dictionary) -> void:
	if info["name"] == "entry":
		info["hint"] = PROPERTY_HINT_ENUM_SUGGESTION
		info["hint_string"] = ",".join(SentioAffectFrame.names)
