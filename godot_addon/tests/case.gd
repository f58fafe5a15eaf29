class_name SentioTestCase
extends RefCounted
## Base class of tests: methods named test_* are run, each with its own instance.

## The tree that runs; add nodes with [method add].
var tree: SceneTree
## Number of checks.
var checks := 0
## Failed checks.
var failures := PackedStringArray()
## Why the test cannot run here; set it and return.
var skipped := ""

var _added: Array[Node] = []


## Checks that [param good] holds; returns it.
func check(good: bool, what: String) -> bool:
	checks += 1
	if not good:
		failures.append(what)
	return good


## Checks that [param got] equals [param wanted].
func equal(got: Variant, wanted: Variant, what: String) -> bool:
	return check(got == wanted, "%s: got %s, wanted %s" % [what, got, wanted])


## Checks that [param got] is within [param tolerance] of [param wanted].
func near(got: float, wanted: float, tolerance: float, what: String) -> bool:
	var close := absf(got - wanted) <= tolerance
	return check(close, "%s: got %s, wanted %s" % [what, got, wanted])


## Adds [param node] to the tree until the test has ended.
func add(node: Node) -> Node:
	tree.root.add_child(node)
	_added.append(node)
	return node


## Processes frames until [param condition] holds; false after [param seconds].
func until(condition: Callable, seconds: float = 30.0) -> bool:
	var end := Time.get_ticks_msec() + 1000.0 * seconds
	while not condition.call():
		if Time.get_ticks_msec() > end:
			return false
		await tree.process_frame
	return true


## Frees added nodes; called by the runner.
func tear_down() -> void:
	# In reverse order: later nodes may use earlier ones.
	for index in range(_added.size() - 1, -1, -1):
		if is_instance_valid(_added[index]):
			_added[index].free()
	_added.clear()


## Milliseconds of processor time that the main thread has used, NAN where the platform does not
## tell: what other programs take does not count.
static func processor_time() -> float:
	var path := "/proc/self/task/%d/schedstat" % OS.get_process_id()
	var file := FileAccess.open(path, FileAccess.READ)
	return float(file.get_line().get_slice(" ", 0)) / 1e6 if file else NAN


## Absolute path of [param path] in the repository.
static func repository(path: String) -> String:
	return ProjectSettings.globalize_path("res://").path_join("..").path_join(path).simplify_path()
