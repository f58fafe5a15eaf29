@tool
extends EditorInspectorPlugin
## Draws the response of a [SentioBinding] or [SentioPreset] above its properties, to be edited.

## Set by the plugin: makes edits undoable.
var undo: Object


func _can_handle(object: Object) -> bool:
	return object is SentioBinding or object is SentioPreset


func _parse_begin(object: Object) -> void:
	add_custom_control(SentioResponseView.new(object, undo))
