extends SceneTree
## Visits the ledge in a real OpenXR session: start, poses, recentring, session loss, exit.
##
## Run by tests/integration/test_openxr.py in the simulated headset; prints one line for each step.

const DEADLINE := 240.0
const FRAMES := 12

var _stage: DemoStage
var _session := DemoSession.new()
var _signals: Array[String] = []


func _initialize() -> void:
	_visit.call_deferred()


func _visit() -> void:
	var openxr := XRServer.find_interface("OpenXR")
	if openxr == null or not openxr.is_initialized():
		print("no session")
		quit(2)
		return
	for name: StringName in [&"session_begun", &"session_focussed", &"session_visible"]:
		openxr.connect(name, func() -> void: _signals.append(name))
	root.add_child(_session)
	_session.play("rest")
	_stage = (load("res://demo/ledge/ledge.tscn") as PackedScene).instantiate()
	_stage.session = _session
	root.add_child(_stage)
	var headset: SentioHeadset = _stage.get_node("%Headset")
	print("headset active: %s, views %d" % [headset.active, openxr.get_view_count()])
	var eyes: XRCamera3D = _stage.get_node("%Eyes")
	await _frames(FRAMES)
	print("signals: %s" % ",".join(_signals))
	var tracker := XRServer.get_tracker(&"head") as XRPositionalTracker
	var pose := tracker.get_pose(&"default") if tracker else null
	print(
		"head: tracked %s, height %.2f" % [pose != null and pose.has_tracking_data, eyes.position.y]
	)
	_stage.get_node("%Panel").call("place", eyes.global_transform)
	openxr.emit_signal(&"pose_recentered")
	await _frames(2)
	var panel: SentioWorldPanel = _stage.get_node("%Panel")
	var gap := panel.global_position.distance_to(eyes.global_position)
	print("recentred: panel at %.2f m, upright %s" % [gap, _upright(_stage.get_node("%Rig"))])
	openxr.emit_signal(&"session_loss_pending")
	await _frames(2)
	var exposure: SentioExposure = _stage.get_node("%Exposure")
	print(
		(
			"lost: on the desktop %s, held %s, by %s"
			% [not root.use_xr, exposure.held, exposure.moves[-1]["by"]]
		)
	)
	_stage.free()
	_session.free()
	await process_frame
	print("left")
	quit(0)


func _frames(count: int) -> void:
	var end := Time.get_ticks_msec() + 1000.0 * DEADLINE
	for frame in count:
		await process_frame
		if Time.get_ticks_msec() > end:
			return


func _upright(rig: Node3D) -> bool:
	return rig.global_basis.y.angle_to(Vector3.UP) < 1e-4
