@tool
@icon("../icons/director.svg")
class_name SentioComparison
extends Node
## Compares the game with and without adaptation: assigns an arm, switches everything, and reports.
##
## In the arm [code]off[/code] every binding and director below [member root] has [code]adapt[/code]
## off, also one that is added later: bindings ease to their neutral value, directors pace by
## performance and time alone. The assignment is a marker [code]arm[/code] and an adaptation
## [code]arm[/code] (1 adaptive, 0 off), sent as soon as the sidecar is connected and again when a
## recording begins, so that recordings and reports have it. Do not show the player which arm it is.

## The arm was assigned or switched.
signal assigned(arm: SentioComparison.Arm)

## What the player gets.
enum Arm {
	## Adaptation is on.
	ADAPTIVE,
	## Adaptation is off.
	OFF,
}
## How the arm is chosen.
enum Assignment {
	## Always adaptive.
	ADAPTIVE,
	## Always off.
	OFF,
	## A new draw at each start.
	RANDOM,
	## By the subject's pseudonym and [member study]: the same arm at every start, about half each.
	BY_SUBJECT,
	## Alternates every [member block_seconds]; which arm is first depends on the subject.
	BLOCKS,
}

## Names of the arms in markers and recordings.
const NAMES: Array[String] = ["adaptive", "off"]
## Seconds between two attempts to send the marker.
const SEND_EVERY := 0.5

## How the arm is chosen.
@export var assignment := Assignment.BY_SUBJECT
## Name of the study; another name gives another assignment of the same subjects.
@export var study := "study"
## Length of a block of [constant Assignment.BLOCKS].
@export_range(10.0, 3600.0, 1.0, "suffix:s") var block_seconds := 120.0
## The feed that the assignment is reported to; empty uses the nearest.
@export var source: SentioFeed
## Everything below this node is switched; empty uses the parent.
@export_node_path var root := NodePath("..")
## Whether it assigns the arm when the node is ready; else call [method assign].
@export var assign_when_ready := true

## The current arm.
var arm := Arm.ADAPTIVE
## How the arm was assigned or why it is not yet, in one line.
var status := "not assigned"
## Deprecated: the former name of [member assign_when_ready]; to be removed in the next version.
var when_ready: bool:
	get:
		SentioDeprecated.warn("SentioComparison.when_ready", "assign_when_ready")
		return assign_when_ready
	set(value):
		SentioDeprecated.warn("SentioComparison.when_ready", "assign_when_ready")
		assign_when_ready = value

var _elapsed := 0.0
var _assigned := false
var _waits := false
# The marker that no sidecar has yet.
var _unsent := {}
var _by := ""
var _since_sent := 0.0
var _followed: SentioFeed
var _finder := SentioFeedFinder.new()


func _ready() -> void:
	set_process(not Engine.is_editor_hint())
	if Engine.is_editor_hint():
		return
	get_tree().node_added.connect(_on_node_added)
	if assign_when_ready:
		assign.call_deferred()


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	var node := get_node_or_null(root)
	if node == null:
		warnings.append("Choose the root: the node below which everything is switched.")
	elif not _switches(node):
		warnings.append("There is no SentioBinding or SentioDirector below '%s'." % node.name)
	if study.is_empty():
		warnings.append("Name the study: its name decides which subjects get which arm.")
	return warnings


func _process(delta: float) -> void:
	advance(delta)


## Advances by [param delta] seconds: assigns as soon as the subject is known, changes blocks, sends
## the marker; called by [method _process].
func advance(delta: float) -> void:
	var time := SentioElapsed.of(SentioElapsed.real(delta))
	_follow(time)
	if _waits and not _subject().is_empty():
		assign()
	_since_sent += time
	if not _unsent.is_empty() and _since_sent >= SEND_EVERY:
		_send(false)
	if not _assigned or assignment != Assignment.BLOCKS:
		return
	_elapsed += time
	if _elapsed >= block_seconds:
		_elapsed = 0.0
		_enter(Arm.OFF if arm == Arm.ADAPTIVE else Arm.ADAPTIVE, "next block")


## Chooses the arm as [member assignment] states, switches, and reports; returns it. Where it
## depends on the subject and the feed has none yet, it waits for the first state.
func assign() -> SentioComparison.Arm:
	_follow(0.0)
	_waits = assignment >= Assignment.BY_SUBJECT and _subject().is_empty()
	if _waits:
		status = "not assigned: no state has named the subject yet"
		return arm
	_assigned = true
	_elapsed = 0.0
	match assignment:
		Assignment.ADAPTIVE:
			_enter(Arm.ADAPTIVE, "fixed")
		Assignment.OFF:
			_enter(Arm.OFF, "fixed")
		Assignment.RANDOM:
			_enter(Arm.OFF if randf() < 0.5 else Arm.ADAPTIVE, "random")
		_:
			_enter(arm_of(_subject(), study), "by subject")
	return arm


## Switches to [param next] by hand, for [param by].
func switch_to(next: SentioComparison.Arm, by: String) -> void:
	_waits = false
	_enter(next, "by hand", by)


## The arm of a subject in a study: the lowest bit of the 32-bit FNV-1a hash of
## [code]study/subject[/code], equal in all engines.
static func arm_of(subject: String, of_study: String) -> SentioComparison.Arm:
	var hashed := 2166136261
	for byte in (of_study + "/" + subject).to_utf8_buffer():
		hashed = ((hashed ^ byte) * 16777619) & 0xFFFFFFFF
	# The low bits of FNV-1a are weak: fold the high ones in.
	hashed ^= hashed >> 16
	hashed ^= hashed >> 8
	hashed ^= hashed >> 4
	hashed ^= hashed >> 2
	hashed ^= hashed >> 1
	return Arm.OFF if hashed & 1 else Arm.ADAPTIVE


func _enter(next: SentioComparison.Arm, how: String, by := "") -> void:
	arm = next
	status = "%s, %s" % [NAMES[arm], how]
	_switch(get_node_or_null(root))
	_follow(0.0)
	_unsent = {"arm": NAMES[arm], "how": how, "study": study}
	_by = by
	_send(true)
	assigned.emit(arm)


# A sidecar that is not connected yet, or whose recording begins later, receives it then.
func _send(shown: bool) -> void:
	_since_sent = 0.0
	if not is_instance_valid(source):
		return
	var taken := source.mark(&"arm", _unsent)
	if taken:
		_unsent = {}
	if taken or shown:
		source.report(SentioAdaptation.new(&"arm", 1.0 - arm, status).authored(_by))


func _switch(node: Node) -> void:
	if node == null:
		return
	if node is SentioBinding:
		(node as SentioBinding).adapt = arm == Arm.ADAPTIVE
	elif node is SentioDirector:
		(node as SentioDirector).adapt = arm == Arm.ADAPTIVE
	for child in node.get_children():
		_switch(child)


# In the arm `off` what is added later is switched off too.
func _on_node_added(node: Node) -> void:
	if not _assigned or arm != Arm.OFF or not (node is SentioBinding or node is SentioDirector):
		return
	var above := get_node_or_null(root)
	if above and above.is_ancestor_of(node):
		_switch(node)


func _follow(time: float) -> void:
	if not is_instance_valid(source):
		source = _finder.of(null, self, time)
	if is_same(source, _followed):
		return
	if is_instance_valid(_followed):
		SentioFeedFinder.listen(_followed.event, _on_event, false)
		SentioFeedFinder.listen(_followed.link_state_changed, _on_link_state, false)
	_followed = source
	if is_instance_valid(_followed):
		_followed.event.connect(_on_event)
		_followed.link_state_changed.connect(_on_link_state)


func _on_event(_about: String, body: Dictionary) -> void:
	if body.get("kind") == "recording" and body.get("name") == "started":
		_send_again()


# After the connection was lost it may be another sidecar.
func _on_link_state(state: SentioFeed.LinkState, _reason: String) -> void:
	if state in [SentioFeed.LinkState.OFF, SentioFeed.LinkState.LOST]:
		_send_again()


func _send_again() -> void:
	if _assigned and _unsent.is_empty():
		_unsent = {"arm": NAMES[arm], "how": status.get_slice(", ", 1), "study": study}
		_since_sent = SEND_EVERY


func _switches(node: Node) -> bool:
	if node is SentioBinding or node is SentioDirector:
		return true
	return node.get_children().any(_switches)


func _subject() -> String:
	var feed := source if is_instance_valid(source) else SentioFeedFinder.near(self)
	if feed == null:
		return ""
	return feed.subject if feed.subject else feed.latest.subject if feed.latest else ""
