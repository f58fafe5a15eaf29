class_name SentioSidecarFinder
extends RefCounted
## Finds the sidecar's program: in the game's own folder, on the PATH, then in a Python.

## Name of the folder beside the game that [code]make bundle[/code] makes.
const FOLDER := "sentio"
## What to do if there is no program.
const FIX := (
	"put the 'sentio' folder of 'make bundle' beside the game," + " or: pip install sentio-affect"
)

## The program to start; empty if none was found.
var program := ""
## Arguments before the sidecar's own.
var before := PackedStringArray()
## Why nothing was found; empty if a program was.
var problem := ""

var _folders: PackedStringArray
var _windows := OS.has_feature("windows")


## Searches [param bundles] first, folders that may hold a sidecar.
func _init(bundles: PackedStringArray = folders()) -> void:
	_folders = bundles


## Searches for [param command], a name on the PATH or a path; empty for all places. Returns whether
## a program was found.
func find(command: String) -> bool:
	program = ""
	before = PackedStringArray()
	problem = ""
	if not command.is_empty():
		program = _path(command) if _is_path(command) else on_path(command)
		if program.is_empty():
			problem = "there is no program '%s': %s" % [command, FIX]
		return _can_run()
	for folder in _folders:
		program = _path(folder.path_join("sentio"))
		if not program.is_empty():
			return _can_run()
	program = on_path("sentio")
	if program.is_empty():
		_find_python()
	if program.is_empty():
		problem = "there is no sidecar on this computer: %s" % FIX
	return _can_run()


## Folders in which the game may bring its sidecar, in order.
static func folders() -> PackedStringArray:
	if OS.has_feature("editor"):
		return [ProjectSettings.globalize_path("res://" + FOLDER)]
	var base := OS.get_executable_path().get_base_dir()
	if OS.has_feature("macos"):  # the program is in Game.app/Contents/MacOS
		return [
			base.path_join("../Resources/" + FOLDER).simplify_path(),
			base.path_join("../../../" + FOLDER).simplify_path(),
		]
	return [base.path_join(FOLDER)]


## The path of [param command] in a folder of the PATH; empty if there is none.
func on_path(command: String) -> String:
	var separator := ";" if _windows else ":"
	for folder in OS.get_environment("PATH").split(separator, false):
		var found := _path(folder.path_join(command))
		if not found.is_empty():
			return found
	return ""


# The file at `path`, on Windows also without its suffix; empty if there is none.
func _path(path: String) -> String:
	for suffix: String in ["", ".exe"] if _windows else [""]:
		var whole := ProjectSettings.globalize_path(path + suffix)
		if FileAccess.file_exists(whole):
			return whole
	return ""


func _find_python() -> void:
	for python: String in ["py"] if _windows else ["python3", "python"]:
		program = on_path(python)
		if not program.is_empty():
			before = ["-m", "sentio_bridge"]
			return


# Some programs that unpack zips lose the permission to execute: give it back.
func _can_run() -> bool:
	if program.is_empty() or _windows:
		return not program.is_empty()
	var granted := FileAccess.get_unix_permissions(program)
	if granted & FileAccess.UNIX_EXECUTE_OWNER:
		return true
	if not _is_bundled(program):
		problem = "'%s' exists but cannot be executed: run chmod +x on it" % program
		return false
	var error := FileAccess.set_unix_permissions(program, granted | FileAccess.UNIX_EXECUTE_OWNER)
	if error != OK:
		problem = "'%s' may not be started: chmod +x it" % program
	return error == OK


func _is_bundled(path: String) -> bool:
	return path.get_base_dir() in _folders


func _is_path(command: String) -> bool:
	return "/" in command or "\\" in command
