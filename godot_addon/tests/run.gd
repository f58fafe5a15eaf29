extends SceneTree
## Runs the tests in tests/unit, or those that are named, and prints the results.
##
## godot --headless --path godot_addon -s tests/run.gd -- [--junit=FILE] [tests/.../test_x.gd ...]

const UNIT := "res://tests/unit"
const WATCH := "res://tests/error_watch.gd"

var _junit := ""
var _watch: RefCounted
var _suites: Array[Dictionary] = []


func _initialize() -> void:
	_run.call_deferred()


func _run() -> void:
	if ClassDB.class_exists("Logger"):
		_watch = (load(WATCH) as GDScript).new()
		OS.call("add_logger", _watch)
	await process_frame
	for path in _selected():
		_suites.append(await _suite(path))
	var checks := 0
	var failed := 0
	for suite in _suites:
		for case: Dictionary in suite["cases"]:
			checks += case["checks"]
			failed += (case["failures"] as PackedStringArray).size()
	if _junit:
		_write_junit()
	print("%d passed, %d failed" % [checks - failed, failed])
	quit(1 if failed or checks == 0 else 0)


func _selected() -> PackedStringArray:
	var files := PackedStringArray()
	for argument in OS.get_cmdline_user_args():
		if argument.begins_with("--junit="):
			_junit = argument.trim_prefix("--junit=")
		elif argument.ends_with(".gd"):
			files.append("res://" + argument if argument.is_relative_path() else argument)
	if files.is_empty():
		for file in DirAccess.get_files_at(UNIT):
			if file.begins_with("test_") and file.ends_with(".gd"):
				files.append(UNIT.path_join(file))
	return files


func _suite(path: String) -> Dictionary:
	var cases: Array[Dictionary] = []
	var script := load(path) as GDScript
	if script == null or not script.can_instantiate():
		cases.append(_broken(path))
		return {"name": path.get_file().get_basename(), "cases": cases}
	for method in script.get_script_method_list():
		var name: String = method["name"]
		if name.begins_with("test_"):
			cases.append(await _case(script, name))
	if cases.is_empty():
		cases.append(_broken(path))
	return {"name": path.get_file().get_basename(), "cases": cases}


func _broken(path: String) -> Dictionary:
	printerr("FAILED: ", path, " has no tests or does not compile")
	var failures := PackedStringArray(["no tests, or does not compile"])
	return {"name": "load", "seconds": 0.0, "checks": 1, "failures": failures, "skipped": ""}


func _case(script: GDScript, name: String) -> Dictionary:
	var test: SentioTestCase = script.new()
	test.tree = self
	var start := Time.get_ticks_usec()
	await _play(test, name)
	test.tear_down()
	for failure in test.failures:
		printerr("FAILED: %s %s: %s" % [script.resource_path.get_file(), name, failure])
	if test.skipped:
		print("skipped: ", name, ": ", test.skipped)
	elif test.checks == 0:
		test.check(false, "made no check")
		printerr("FAILED: ", name, " made no check")
	return {
		"name": name,
		"seconds": (Time.get_ticks_usec() - start) * 1e-6,
		"checks": test.checks,
		"failures": test.failures,
		"skipped": test.skipped,
	}


# Until the test has ended or a script has failed: a coroutine that failed never comes back.
func _play(test: SentioTestCase, name: String) -> void:
	var ended := [false]
	var whole := func() -> void:
		@warning_ignore("redundant_await")
		await test.call(name)
		ended[0] = true
	whole.call()
	var errors := _script_errors()
	while not ended[0] and errors.is_empty():
		await process_frame
		errors = _script_errors()
	for error in errors:
		test.check(false, "script error: " + error)


func _script_errors() -> PackedStringArray:
	return _watch.call("take") if _watch else PackedStringArray()


func _write_junit() -> void:
	var out := '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
	for suite in _suites:
		var cases: Array = suite["cases"]
		out += '<testsuite name="%s" tests="%d">\n' % [suite["name"], cases.size()]
		for case: Dictionary in cases:
			out += '<testcase classname="%s" ' % suite["name"]
			out += 'name="%s" time="%.4f">' % [case["name"], case["seconds"]]
			for failure: String in case["failures"]:
				out += '<failure message="%s"/>' % failure.xml_escape(true)
			if case["skipped"]:
				out += '<skipped message="%s"/>' % str(case["skipped"]).xml_escape(true)
			out += "</testcase>\n"
		out += "</testsuite>\n"
	var file := FileAccess.open(_junit, FileAccess.WRITE)
	if file == null:
		printerr("cannot write ", _junit)
		return
	file.store_string(out + "</testsuites>\n")
