@tool
extends EditorInspectorPlugin
## Shows a live view of the simulated person above a [SentioSimulator]'s sliders.


func _can_handle(object: Object) -> bool:
	return object is SentioSimulator


func _parse_begin(object: Object) -> void:
	add_custom_control(SentioSimulatorView.new(object as SentioSimulator))
