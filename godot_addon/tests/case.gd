class_name SentioTestCase
extends RefCounted
## What a file of tests extends: methods named test_* are run, each with its own instance.

## The tree that runs; add nodes with [method add].
var tree: SceneTree
## How many checks were made.
var checks := 0
## What did not hold.
var failures := PackedStringArray()
## Why the test cannot run here; set it and return.
var skipped := ""

var _added: Array[Node] = []


## Notes whether [param good] holds; returns it.
func check(good: bool, what: String) -> bool:
	checks += 1
	if not good:
		failures.append(what)
	return good


## Notes whether [param got] is [param wanted].
func equal(got: Variant, wanted: Variant, what: String) -> bool:
	return check(got == wanted, "%s: got %s, wanted %s" % [what, got, wanted])


## Notes whether [param got] is within [param tolerance] of [param wanted].
func near(got: float, wanted: float, tolerance: float, what: String) -> bool:
	var close := absf(got - wanted) <= tolerance
	return check(close, "%s: got %s, wanted %s" % [what, got, wanted])


## Adds [param node] to the tree until the test has ended.
func add(node: Node) -> Node:
	tree.root.add_child(node)
	_added.append(node)
	return node


## Lets frames go by until [param condition] holds; false after [param seconds].
func until(condition: Callable, seconds: float = 30.0) -> bool:
	var end := Time.get_ticks_msec() + 1000.0 * seconds
	while not condition.call():
		if Time.get_ticks_msec() > end:
			return false
		await tree.process_frame
	return true


## Frees what was added; the runner calls it.
func tear_down() -> void:
	# Backwards: what came later may use what was there before.
	for index in range(_added.size() - 1, -1, -1):
		if is_instance_valid(_added[index]):
			_added[index].free()
	_added.clear()


## Whole path of [param path] in the repository.
static func repository(path: String) -> String:
	return ProjectSettings.globalize_path("res://").path_join("..").path_join(path).simplify_path()
