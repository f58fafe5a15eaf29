class_name SentioTokenFile
extends RefCounted
## Finds the token of a sidecar that the same user started (PROTOCOL.md, section 1).

## Environment variable with the token of a sidecar that a launcher started.
const VARIABLE := "SENTIO_TOKEN"
## Environment variable with the folder of the token files, instead of the user's.
const FOLDER_VARIABLE := "SENTIO_RUNTIME_DIR"
## Most bytes of a token file.
const MAX_BYTES := 256


## Returns the token for a sidecar at [param host] and [param port]; empty if there is none. A
## sidecar has a new token at every start: call this before every connection attempt.
static func find(host: String, port: int) -> String:
	if not host in ["127.0.0.1", "localhost", "::1"]:
		return ""
	var given := OS.get_environment(VARIABLE)
	if given:
		return given
	var file := FileAccess.open(folder().path_join("%d.token" % port), FileAccess.READ)
	if not file:
		return ""
	return file.get_buffer(MAX_BYTES).get_string_from_ascii().strip_edges()


## Returns the folder of the user's token files.
static func folder() -> String:
	var chosen := OS.get_environment(FOLDER_VARIABLE)
	if chosen:
		return chosen
	match OS.get_name():
		"Windows":
			var local := OS.get_environment("LOCALAPPDATA")
			if not local:
				local = OS.get_environment("USERPROFILE").path_join("AppData/Local")
			return local.path_join("sentio/run")
		"macOS":
			return OS.get_environment("HOME").path_join("Library/Application Support/sentio/run")
	var runtime := OS.get_environment("XDG_RUNTIME_DIR")
	if runtime:
		return runtime.path_join("sentio")
	return OS.get_environment("HOME").path_join(".cache/sentio/run")
