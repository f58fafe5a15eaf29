@tool
class_name SentioSimulatorView
extends VBoxContainer
## Live view of a simulated person, with buttons for the markers that it reacts to.
##
## The simulation runs in the editor while this is shown.

var _simulator: SentioSimulator
var _pad := SentioAffectPad.new()
var _heart := SentioHeart.new()


func _init(simulator: SentioSimulator = null) -> void:
	_simulator = simulator
	add_child(_pad)
	add_child(_heart)
	var row := HFlowContainer.new()
	add_child(row)
	if not simulator:
		return
	for reaction: StringName in simulator.reactions:
		var button := Button.new()
		button.text = reaction
		button.tooltip_text = 'Same as mark("%s")' % reaction
		button.pressed.connect(simulator.mark.bind(reaction))
		row.add_child(button)


func _enter_tree() -> void:
	if _simulator:
		_simulator.previewed = true


func _exit_tree() -> void:
	if is_instance_valid(_simulator):
		_simulator.previewed = false


func _process(_delta: float) -> void:
	if is_instance_valid(_simulator):
		_pad.show_frame(_simulator.latest)
		_heart.show_rate(_simulator.latest.value("heart_rate") if _simulator.latest else NAN)
