@tool
extends EditorPlugin
## Registers the addon's project settings and its dock.

## The dock.
const DOCK := "res://addons/sentio/editor/dock.tscn"
# By path: a class name would be resolved in exported games, which have no editor.
## Inspector plugin of the simulator.
const INSPECTOR := preload("res://addons/sentio/editor/simulator_inspector.gd")
## Inspector plugin of responses: bindings and presets.
const RESPONSES := preload("res://addons/sentio/editor/response_inspector.gd")
## Name of the client's autoload.
const AUTOLOAD := "Sentio"
## Script of the client's autoload.
const CLIENT := "res://addons/sentio/nodes/client.gd"
const _SETTINGS := {
	"sentio/sidecar/command": "",
	"sentio/general/autoload_client": false,
}

var _dock: Control
var _inspector := INSPECTOR.new()
var _responses := RESPONSES.new()


func _enter_tree() -> void:
	for setting: String in _SETTINGS:
		_register(setting, _SETTINGS[setting])
	ProjectSettings.settings_changed.connect(_on_settings_changed)
	if ResourceLoader.exists(DOCK):
		var scene: PackedScene = load(DOCK)
		_dock = scene.instantiate()
		add_control_to_dock(DOCK_SLOT_RIGHT_BL, _dock)
	add_inspector_plugin(_inspector)
	_responses.undo = get_undo_redo()
	add_inspector_plugin(_responses)


func _exit_tree() -> void:
	remove_inspector_plugin(_inspector)
	remove_inspector_plugin(_responses)
	ProjectSettings.settings_changed.disconnect(_on_settings_changed)
	if _dock:
		remove_control_from_docks(_dock)
		_dock.queue_free()
		_dock = null


func _disable_plugin() -> void:
	if _has_autoload():
		remove_autoload_singleton(AUTOLOAD)


func _register(setting: String, default: Variant) -> void:
	if not ProjectSettings.has_setting(setting):
		ProjectSettings.set_setting(setting, default)
	ProjectSettings.set_initial_value(setting, default)
	ProjectSettings.set_as_basic(setting, true)


func _on_settings_changed() -> void:
	var wanted: bool = ProjectSettings.get_setting("sentio/general/autoload_client", false)
	var taken := ProjectSettings.has_setting("autoload/" + AUTOLOAD)
	if wanted and not taken:
		add_autoload_singleton(AUTOLOAD, CLIENT)
	elif not wanted and _has_autoload():
		remove_autoload_singleton(AUTOLOAD)


# Whether the autoload is the addon's own, not another one of the same name.
func _has_autoload() -> bool:
	var stored := str(ProjectSettings.get_setting("autoload/" + AUTOLOAD, "")).trim_prefix("*")
	# The editor stores it by uid.
	return ResourceUID.ensure_path(stored) == CLIENT
