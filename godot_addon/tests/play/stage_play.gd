class_name SentioStagePlay
extends RefCounted
## Plays a stage of the demo faster than real time, in fixed steps of a twentieth of a second:
## deterministic for a person and settings.

const STEP := 1.0 / 20.0
## Steps between two engine frames, in which freed nodes are deleted.
const STEPS_A_FRAME := 5

var stage: DemoStage
var session := DemoSession.new()

var _tree: SceneTree
var _steps := 0


## Opens the stage [param name] for the simulated person of [param scenario], with the
## [param recording] of a frame file, or with the sidecar at [param connection].
func _init(
	test: SentioTestCase,
	name: String,
	scenario: String,
	adaptation := true,
	recording := "",
	connection: SentioConnection = null
) -> void:
	_tree = test.tree
	session.settings.adaptation = adaptation
	if recording:
		session.settings.source = DemoSettings.Source.RECORDING
		session.settings.recording = recording
	elif connection:
		session.settings.source = DemoSettings.Source.SIDECAR
		session.settings.connection = connection
	test.add(session)
	session.play(scenario)
	stage = (load("res://demo/%s/%s.tscn" % [name, name]) as PackedScene).instantiate()
	stage.session = session
	stage.autoplay = true
	test.add(stage)
	session.play(scenario)
	for root: Node in [session, stage]:
		root.propagate_call("set_process", [false])


## The node with the unique name [param name] in the stage.
func node(name: String) -> Node:
	return stage.get_node("%" + name)


## Plays [param seconds]; [param each] is called every half second.
func play(seconds: float, each := Callable()) -> void:
	for step in int(seconds / STEP):
		for root: Node in [session, stage]:
			root.propagate_call("_process", [STEP], true)
		if step % 10 == 0 and each.is_valid():
			each.call()
		_steps += 1
		if _steps % STEPS_A_FRAME == 0:
			await _tree.process_frame
