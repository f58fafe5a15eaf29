@icon("../icons/hud.svg")
class_name SentioWhy
extends PanelContainer
## Shows players one line: what the game adapts now, and why. Off by default in games; switchable.
##
## It names causes in plain words and no numbers.

## Seconds for which a line stays after its change.
const STAYS := 6.0
## Pixels that the line leaves free beside it in a narrow window.
const MARGIN := 76.0
## Up to this a level of the player's own range is low.
const LOW := 0.4
## From this on it is high.
const HIGH := 0.6
# Part of the reason, words, and words for a low and a high level; what hinders comes first.
const _CAUSES: Array[Array] = [
	["safe_stop", "stopped"],
	["session_over", "the session is over"],
	["frozen", "held still"],
	["adaptation", "adaptation is off"],
	["no state", "no signal, the usual course"],
	["unknown", "not sure, the usual course"],
	["confidence", "not sure, the usual course"],
	["arousal", "because of how stirred up you seem", "you seem calm", "you seem stirred up"],
	["stress", "because of how tense you seem", "you seem at ease", "you seem tense"],
	["heart_rate", "because of your heart"],
	["breathing_rate", "because of your breath"],
	["engagement", "because of how engaged you seem", "you seem bored", "you seem engaged"],
	["focus", "because of how focused you seem", "you seem distracted", "you seem focused"],
]

## The affect source; empty uses the nearest feed, or the autoload [code]Sentio[/code].
@export var source: SentioFeed
## Whether the line is shown; bind it to a setting of the game.
@export var show_line := true
## Plain words for the names of what adapts: [code]{"demand": "the pace of the shades"}[/code].
@export var words: Dictionary[StringName, String] = {}
## What adapts and is not shown, because it changes all the time.
@export var excluded: Array[StringName] = []

## The line, empty before the first change.
var line := ""
## Deprecated: the former name of [member show_line]; to be removed in the next version.
var on: bool:
	get:
		SentioDeprecated.warn("SentioWhy.on", "show_line")
		return show_line
	set(value):
		SentioDeprecated.warn("SentioWhy.on", "show_line")
		show_line = value
## Deprecated: the former name of [member excluded]; to be removed in the next version.
var left_out: Array[StringName]:
	get:
		SentioDeprecated.warn("SentioWhy.left_out", "excluded")
		return excluded
	set(value):
		SentioDeprecated.warn("SentioWhy.left_out", "excluded")
		excluded = value

var _label := Label.new()
var _icon := SentioWhyIcon.new()
var _feed: SentioFeed
var _finder := SentioFeedFinder.new()
var _before: Dictionary[StringName, float] = {}
var _left := 0.0


func _init() -> void:
	mouse_filter = Control.MOUSE_FILTER_IGNORE
	var row := HBoxContainer.new()
	row.add_theme_constant_override("separation", 10)
	add_child(row)
	row.add_child(_icon)
	_label.add_theme_font_size_override("font_size", 15)
	row.add_child(_label)
	modulate.a = 0.0


func _process(delta: float) -> void:
	advance(delta)


## Advances by [param delta] seconds; called by [method _process].
func advance(delta: float) -> void:
	var time := SentioElapsed.of(SentioElapsed.real(delta))
	var found := _finder.of(source if is_instance_valid(source) else _feed, self, time)
	if not is_same(found, _feed):
		_follow(found)
	_left = maxf(0.0, _left - time)
	visible = show_line and not line.is_empty()
	modulate.a = move_toward(modulate.a, 1.0 if _left > 0.0 else 0.0, time * 2.0)


## The line of [param adaptation] for players; [param change] is its change since the last one.
func describe(adaptation: SentioAdaptation, change := 0.0) -> String:
	# A binding without a name reports its node and property: players read the property.
	var plain := String(adaptation.what).get_slice(":", 1) if ":" in adaptation.what else ""
	plain = (plain if plain else String(adaptation.what)).capitalize()
	var title: String = words.get(adaptation.what, plain)
	return "%s: %s" % [title, cause(adaptation, change)]


## Deprecated: the former name of [method describe]; to be removed in the next version.
func told(adaptation: SentioAdaptation) -> String:
	SentioDeprecated.warn("SentioWhy.told()", "describe()")
	return describe(adaptation)


## The cause of [param adaptation] in plain words. A director's rise at a high level, or fall at a
## low one, comes from its pacing too: then the words name no direction.
static func cause(adaptation: SentioAdaptation, change := 0.0) -> String:
	if adaptation.by:
		return "%s by %s" % [adaptation.why, adaptation.by]
	var why := adaptation.why
	for entry: Array in _CAUSES:
		var sought: String = entry[0]
		if sought in why:
			var level := _level(why, sought) if entry.size() > 2 else NAN
			var targeted := " for " in why
			if level <= LOW and not (targeted and change < 0.0):
				return entry[2]
			return entry[3] if level >= HIGH and not (targeted and change > 0.0) else entry[1]
	return why


# The value of the level of [param entry] in a reason such as "arousal_level 0.24 for 0.60"; NAN if
# it has none.
static func _level(why: String, entry: String) -> float:
	var level := entry + SentioAffectFrame.LEVEL
	var at := why.find(level + " ")
	var rest := why.substr(at + level.length() + 1).split(" ") if at >= 0 else PackedStringArray()
	var word := rest[0].rstrip(",") if not rest.is_empty() else ""
	return float(word) if word.is_valid_float() else NAN


func _follow(found: SentioFeed) -> void:
	if is_instance_valid(_feed) and _feed.adapted.is_connected(_on_adapted):
		_feed.adapted.disconnect(_on_adapted)
	_feed = found
	if is_instance_valid(_feed):
		_feed.adapted.connect(_on_adapted)


func _on_adapted(adaptation: SentioAdaptation) -> void:
	if adaptation.what in excluded:
		return
	var before: float = _before.get(adaptation.what, adaptation.value)
	_before[adaptation.what] = adaptation.value
	line = describe(adaptation, adaptation.value - before)
	_label.text = line
	_fit()
	_icon.show_change(adaptation.value - before)
	_left = STAYS


# One line where there is room for it, else several.
func _fit() -> void:
	if not is_inside_tree():
		return
	var px := _label.get_theme_font_size("font_size")
	var wanted := _label.get_theme_font("font").get_string_size(
		line, HORIZONTAL_ALIGNMENT_LEFT, -1, px
	)
	var room := get_viewport_rect().size.x - MARGIN
	var wraps := wanted.x > room
	_label.autowrap_mode = (TextServer.AUTOWRAP_WORD_SMART if wraps else TextServer.AUTOWRAP_OFF)
	_label.custom_minimum_size.x = room if wraps else 0.0
