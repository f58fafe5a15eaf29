extends SentioTestCase
## Configuration warnings: each node reports what it lacks, and nothing once it has it.


func test_nodes_without_a_client_warn() -> void:
	var client := SentioClient.new()
	client.autostart = false
	add(client)
	for node: Node in [
		SentioLauncher.new(), SentioConsent.new(), SentioCalibration.new(), SentioRecorder.new()
	]:
		var name: String = node.get_script().get_global_name()
		check("SentioClient" in _warning(node), name + ": " + _warning(node))
		node.set("client", client)
		equal(_warning(node), "", name + " with a client")
		node.free()


func test_a_player_names_the_file_that_is_missing() -> void:
	var player := SentioPlayer.new()
	check("sentio export" in _warning(player), _warning(player))
	player.file = "res://nowhere.frames"
	check("nowhere.frames" in _warning(player), _warning(player))
	player.free()


func test_an_expression_needs_a_face_with_shapes() -> void:
	var expression := SentioExpression.new()
	check("blend shapes" in _warning(expression), _warning(expression))
	var plain := MeshInstance3D.new()
	plain.name = "Stone"
	plain.mesh = BoxMesh.new()
	expression.face = plain
	check("Stone has no blend shapes" in _warning(expression), _warning(expression))
	var face := CompanionFace.new()
	add(face)
	expression.face = face
	equal(_warning(expression), "", "a face")
	plain.free()
	expression.free()


func test_a_director_that_would_depend_on_time_only_warns() -> void:
	var director := SentioDirector.new()
	equal(_warning(director), "", "as it comes")
	director.calm_at = 0.8
	check("depend on time only" in _warning(director), _warning(director))
	director.relax_most = 1.0
	equal(director._get_configuration_warnings().size(), 2, "both")
	director.free()


func test_a_breath_needs_a_length_and_an_entry_a_name() -> void:
	var breath := SentioBreathing.new()
	equal(_warning(breath), "", "as it comes")
	breath.inhale = 0.0
	breath.exhale = 0.0
	check("length" in _warning(breath), _warning(breath))
	breath.free()
	var person := SentioSimulator.new()
	person.unknown = ["heart_rate", "heartrate"]
	check("'heartrate'" in _warning(person), _warning(person))
	person.unknown = ["heart_rate"]
	equal(_warning(person), "", "a real entry")
	person.free()


func _warning(node: Node) -> String:
	var all: PackedStringArray = node.call("_get_configuration_warnings")
	return "\n".join(all)
