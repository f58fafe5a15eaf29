extends SentioTestCase
## Data of markers: every Variant that JSON can hold is sent, others are named in a warning.


func test_markers_take_what_json_can_hold() -> void:
	var simulator := SentioSimulator.new()
	add(simulator)
	simulator.set_process(false)
	var received: Array[Dictionary] = []
	simulator.event.connect(func(_who: String, raised: Dictionary) -> void: received.append(raised))
	var data := {
		"at": Vector3(1, 2, 3),
		"cell": Vector2i(4, 5),
		"tone": Color(1, 0.5, 0, 1),
		"who": ^"Boss",
		"kind": &"ogre",
		3: PackedInt32Array([1, 2]),
		"deep": {"list": [null, true, Vector2.ONE]},
	}
	check(simulator.mark(&"door", data), "taken")
	var expected := {
		"at": [1.0, 2.0, 3.0],
		"cell": [4, 5],
		"tone": [1.0, 0.5, 0.0, 1.0],
		"who": "Boss",
		"kind": &"ogre",
		"3": [1, 2],
		"deep": {"list": [null, true, [1.0, 1.0]]},
	}
	equal(received[0]["data"], expected, "data")
	var maker := SentioMarkerData.new()
	maker.plain("a", {"who": [simulator]})
	check("data.who[0] has the type Object" in maker.error, maker.error)
	maker.plain("a", {"share": NAN})
	check("data.share is nan" in maker.error, maker.error)
	maker.plain("", {})
	check("1 to 256 characters" in maker.error, maker.error)
	maker.plain("a", {})
	equal(maker.error, "", "nothing is wrong")


func test_every_type_is_sent_or_named() -> void:
	var sent := {
		TYPE_NIL: null,
		TYPE_BOOL: true,
		TYPE_INT: -(1 << 62),
		TYPE_FLOAT: 0.25,
		TYPE_STRING: "text",
		TYPE_VECTOR2: Vector2(1, 2),
		TYPE_VECTOR2I: Vector2i(1, 2),
		TYPE_RECT2: Rect2(1, 2, 3, 4),
		TYPE_RECT2I: Rect2i(1, 2, 3, 4),
		TYPE_VECTOR3: Vector3(1, 2, 3),
		TYPE_VECTOR3I: Vector3i(1, 2, 3),
		TYPE_TRANSFORM2D: Transform2D.IDENTITY,
		TYPE_VECTOR4: Vector4(1, 2, 3, 4),
		TYPE_VECTOR4I: Vector4i(1, 2, 3, 4),
		TYPE_PLANE: Plane(0, 1, 0, 2),
		TYPE_QUATERNION: Quaternion.IDENTITY,
		TYPE_AABB: AABB(Vector3.ZERO, Vector3.ONE),
		TYPE_BASIS: Basis.IDENTITY,
		TYPE_TRANSFORM3D: Transform3D.IDENTITY,
		TYPE_PROJECTION: Projection.IDENTITY,
		TYPE_COLOR: Color.CORAL,
		TYPE_STRING_NAME: &"name",
		TYPE_NODE_PATH: ^"a/b:c",
		TYPE_DICTIONARY: {Vector2i(1, 2): {"list": [1, [2.5, "x"]]}},
		TYPE_ARRAY: [1, Vector3.ONE, [Color.RED]],
		TYPE_PACKED_BYTE_ARRAY: PackedByteArray([1, 255]),
		TYPE_PACKED_INT32_ARRAY: PackedInt32Array([1]),
		TYPE_PACKED_INT64_ARRAY: PackedInt64Array([1 << 40]),
		TYPE_PACKED_FLOAT32_ARRAY: PackedFloat32Array([0.5]),
		TYPE_PACKED_FLOAT64_ARRAY: PackedFloat64Array([0.5]),
		TYPE_PACKED_STRING_ARRAY: PackedStringArray(["a"]),
		TYPE_PACKED_VECTOR2_ARRAY: PackedVector2Array([Vector2.ONE]),
		TYPE_PACKED_VECTOR3_ARRAY: PackedVector3Array([Vector3.ONE]),
		TYPE_PACKED_COLOR_ARRAY: PackedColorArray([Color.RED]),
		TYPE_PACKED_VECTOR4_ARRAY: PackedVector4Array([Vector4.ONE]),
	}
	var refused := {
		TYPE_OBJECT: RefCounted.new(),
		TYPE_CALLABLE: tear_down,
		TYPE_SIGNAL: tree.process_frame,
		TYPE_RID: RID(),
	}
	for type in TYPE_MAX:
		check(sent.has(type) or refused.has(type), "a case for " + type_string(type))
	for type: int in sent:
		var maker := SentioMarkerData.new()
		var plain := maker.plain("door", {"it": sent[type], "deep": [{"it": sent[type]}]})
		equal(maker.error, "", type_string(type))
		var writer := SentioMsgpackWriter.new()
		var bytes := writer.write_map(plain)
		equal(writer.error, "", "as msgpack: " + type_string(type))
		var reader := SentioMsgpackReader.new()
		equal(_texts(reader.read_map(bytes)), _texts(plain), "comes back: " + type_string(type))
		check(JSON.parse_string(JSON.stringify(plain)) is Dictionary, "as JSON")
	for type: int in refused:
		var maker := SentioMarkerData.new()
		maker.plain("door", {"deep": [{"it": refused[type]}]})
		check("data.deep[0].it has the type " + type_string(type) in maker.error, maker.error)


func test_numbers_that_are_none_are_named_where_they_are() -> void:
	var none: Array = [
		NAN,
		INF,
		-INF,
		Vector2(0, NAN),
		Vector4(0, 0, 0, INF),
		Color(NAN, 0, 0),
		Transform3D(Basis.IDENTITY, Vector3(0, NAN, 0)),
		PackedFloat32Array([1, NAN]),
		PackedVector3Array([Vector3(INF, 0, 0)]),
	]
	for value: Variant in none:
		var maker := SentioMarkerData.new()
		maker.plain("door", {"share": value})
		check(maker.error.begins_with("data.share"), maker.error)
		check("send null for unknown" in maker.error, maker.error)


func test_data_without_end_and_equal_keys_are_refused() -> void:
	var ring := {}
	ring["again"] = [ring]
	var list := []
	list.append(list)
	var maker := SentioMarkerData.new()
	for data: Dictionary in [ring, {"list": list}]:
		maker.plain("door", data)
		check("nested deeper" in maker.error, maker.error)
	ring.clear()
	list.clear()
	maker.plain("door", {1: "a", "1": "b"})
	check("two keys that are both the text '1'" in maker.error, maker.error)


func test_what_a_sidecar_would_not_read_is_refused_with_its_place() -> void:
	var deep := {}
	for level in 8:
		deep = {"in": deep}
	var many := range(SentioMsgpackReader.MAX_ENTRIES + 1)
	var large := []
	for part in 40:
		large.append("x".repeat(2000))
	var wrong := {
		"data.it.in.in.in.in.in.in is nested deeper than 7": deep,
		"data.it has 513 entries, at most 512": many,
		"data.it has 8193 characters": "x".repeat(8193),
		"a key of data.it has 257 characters": {"k".repeat(257): 1},
		"above 65536 bytes": large,
	}
	var simulator := add(SentioSimulator.new()) as SentioSimulator
	for words: String in wrong:
		var maker := SentioMarkerData.new()
		maker.plain("door", {"it": wrong[words]})
		check(words in maker.error, "%s, not %s" % [words, maker.error.left(200)])
		check(not simulator.mark(&"door", {"it": wrong[words]}), "not taken: " + words)
	var most := {}
	for level in 5:
		most = {"in": most}
	check(simulator.mark(&"door", {"it": most, "text": "x".repeat(8192)}), "what is allowed")


# A StringName comes back as a text.
func _texts(value: Variant) -> String:
	return JSON.stringify(value, "", true, true)
