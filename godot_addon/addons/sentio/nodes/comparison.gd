@tool
@icon("../icons/director.svg")
class_name SentioComparison
extends Node
## Compares the game with and without adaptation: assigns an arm, switches everything, and reports.
##
## In the arm [code]off[/code] every binding and director below [member root] has [code]adapt[/code]
## off: bindings ease to their neutral value, directors pace by performance and time alone. The
## assignment is a marker [code]arm[/code] and an adaptation [code]arm[/code] (1 adaptive, 0 off),
## so that recordings and reports have it. Do not show the player which arm it is.

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
## Deprecated: the former name of [member assign_when_ready]; goes with the next version.
var when_ready: bool:
	get:
		SentioDeprecated.warn("SentioComparison.when_ready", "assign_when_ready")
		return assign_when_ready
	set(value):
		SentioDeprecated.warn("SentioComparison.when_ready", "assign_when_ready")
		assign_when_ready = value

var _elapsed := 0.0
var _assigned := false


func _ready() -> void:
	set_process(not Engine.is_editor_hint())
	if assign_when_ready and not Engine.is_editor_hint():
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


## Advances blocks by [param delta] seconds; called by [method _process].
func advance(delta: float) -> void:
	if not _assigned or assignment != Assignment.BLOCKS:
		return
	_elapsed += SentioElapsed.of(SentioElapsed.real(delta))
	if _elapsed >= block_seconds:
		_elapsed = 0.0
		_enter(Arm.OFF if arm == Arm.ADAPTIVE else Arm.ADAPTIVE, "next block")


## Chooses the arm as [member assignment] states, switches, and reports; returns it.
func assign() -> SentioComparison.Arm:
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
	_switch(get_node_or_null(root))
	if not is_instance_valid(source):
		source = SentioFeedFinder.near(self)
	if is_instance_valid(source):
		source.mark(&"arm", {"arm": NAMES[arm], "how": how, "study": study})
		var change := SentioAdaptation.new(&"arm", 1.0 - arm, "%s, %s" % [NAMES[arm], how])
		source.report(change.authored(by))
	assigned.emit(arm)


func _switch(node: Node) -> void:
	if node == null:
		return
	if node is SentioBinding:
		(node as SentioBinding).adapt = arm == Arm.ADAPTIVE
	elif node is SentioDirector:
		(node as SentioDirector).adapt = arm == Arm.ADAPTIVE
	for child in node.get_children():
		_switch(child)


func _switches(node: Node) -> bool:
	if node is SentioBinding or node is SentioDirector:
		return true
	return node.get_children().any(_switches)


func _subject() -> String:
	var feed := source if is_instance_valid(source) else SentioFeedFinder.near(self)
	if feed == null:
		return ""
	return feed.subject if feed.subject else feed.latest.subject if feed.latest else ""
