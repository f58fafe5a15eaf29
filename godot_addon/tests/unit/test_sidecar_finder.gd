extends SentioTestCase
## Where a launcher looks for the sidecar's program.

const FOLDER := "user://finder"


func test_a_sidecar_beside_the_game_comes_first() -> void:
	var program := _program()
	var finder := SentioSidecarFinder.new([FOLDER.path_join("none"), program.get_base_dir()])
	check(finder.find(""), finder.problem)
	equal(finder.program, program, "program")
	equal(finder.before, PackedStringArray(), "no arguments before its own")


func test_a_bundle_that_lost_its_permission_gets_it_back() -> void:
	if OS.has_feature("windows"):
		skipped = "Windows has no such permission"
		return
	var program := _program()
	FileAccess.set_unix_permissions(program, 0x1a4)
	var finder := SentioSidecarFinder.new([program.get_base_dir()])
	check(finder.find(""), finder.problem)
	var granted := FileAccess.get_unix_permissions(program)
	check(granted & FileAccess.UNIX_EXECUTE_OWNER != 0, "executable again")


func test_a_named_program_is_the_only_one() -> void:
	var finder := SentioSidecarFinder.new([_program().get_base_dir()])
	check(not finder.find("no-such-program"), "not found")
	check("no-such-program" in finder.problem, finder.problem)
	check(finder.problem.ends_with(SentioSidecarFinder.FIX), finder.problem)


func test_without_a_bundle_the_path_is_searched() -> void:
	if OS.has_feature("windows"):
		skipped = "a test of Linux and macOS"
		return
	var before := OS.get_environment("PATH")
	var folder := _program().get_base_dir()
	OS.set_environment("PATH", "/nowhere:" + folder)
	var finder := SentioSidecarFinder.new([])
	check(finder.find(""), finder.problem)
	equal(finder.program, folder.path_join("sentio"), "by the PATH")
	OS.set_environment("PATH", folder)
	DirAccess.remove_absolute(folder.path_join("sentio"))
	_write(folder.path_join("python3"))
	check(finder.find(""), finder.problem)
	equal(finder.before, PackedStringArray(["-m", "sentio_bridge"]), "in a Python")
	DirAccess.remove_absolute(folder.path_join("python3"))
	check(not finder.find(""), "nothing is left")
	check(finder.problem.ends_with(SentioSidecarFinder.FIX), finder.problem)
	OS.set_environment("PATH", before)


func test_a_start_is_measured_for_the_next() -> void:
	DirAccess.remove_absolute(SentioStartTimes.FILE)
	var times := SentioStartTimes.new()
	check(not times.is_known(), "the first start")
	equal(times.expected(), SentioStartTimes.FIRST, "expected")
	times.store(4.5)
	near(SentioStartTimes.new().expected(), 4.5, 1e-9, "kept for the next game")
	DirAccess.remove_absolute(SentioStartTimes.FILE)


func _program() -> String:
	var folder := ProjectSettings.globalize_path(FOLDER)
	DirAccess.make_dir_recursive_absolute(folder)
	return _write(folder.path_join("sentio.exe" if OS.has_feature("windows") else "sentio"))


func _write(path: String) -> String:
	FileAccess.open(path, FileAccess.WRITE).store_string("#!/bin/sh\n")
	FileAccess.set_unix_permissions(path, 0x1ed)
	return path
