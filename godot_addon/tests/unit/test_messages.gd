extends SentioTestCase
## The golden messages: each read, cut at every byte, and damaged at random.

const FUZZ_ROUNDS := 300
const SEED := 7


func test_the_layout_is_the_protocols() -> void:
	var text := FileAccess.get_file_as_string(repository("tests/vectors/layout_v1_0.txt"))
	var first := text.strip_edges().split("\n")
	equal(first.size(), SentioAffectFrame.MASK_ENTRIES, "entries of 1.0")
	equal(SentioAffectFrame.names.slice(0, first.size()), first, "the layout begins with 1.0's")


func test_every_vector() -> void:
	var folder := repository("tests/vectors/messages")
	var files := DirAccess.get_files_at(folder)
	check(files.size() > 0, "the vectors are there")
	for file in files:
		if file.ends_with(".bin"):
			_vector(folder.path_join(file))


func test_a_hostile_header() -> void:
	var wire := SentioWire.new()
	wire.topic = "affect/player"
	var bytes := PackedByteArray()
	bytes.resize(240)
	wire.body = {"v": 1, "e": 1, "n": 0, "s": 0, "m": 0, "x": bytes, "p": 1.0}
	check(SentioAffectFrame.from_wire(wire) != null, "a plain header is read")
	for key: String in ["e", "n", "s", "m", "x", "p", "t", "w", "a"]:
		var kept: Variant = wire.body.get(key)
		wire.body[key] = "text"
		check(SentioAffectFrame.from_wire(wire) == null, key + " of another type is refused")
		if kept == null:
			wire.body.erase(key)
		else:
			wire.body[key] = kept


func test_action_units_by_their_facs_names() -> void:
	var bytes := FileAccess.get_file_as_bytes(repository("tests/vectors/messages/detail_face.bin"))
	var wire := SentioWire.new()
	check(wire.read(bytes), "the detail is read")
	var sent: Dictionary = wire.body["action_units"]
	equal(SentioFace.action_unit(wire.body, SentioFace.ActionUnit.BROW_LOWERER), 0.75, "AU4")
	equal(SentioFace.action_unit(wire.body, SentioFace.ActionUnit.LIP_PRESSOR), 0.625, "AU24")
	check(
		is_nan(SentioFace.action_unit(wire.body, SentioFace.ActionUnit.NOSE_WRINKLER)),
		"AU9 is not known"
	)
	var known := SentioFace.action_units(wire.body)
	equal(known.size(), sent.size(), "all known units")
	for unit: int in known:
		equal(known[unit], sent["AU%d" % unit], "AU%d" % unit)
	for odd: Variant in [null, 1.0, "AU4", [0.5], {"AU4": "much"}, {}]:
		var unit := SentioFace.action_unit(
			{"action_units": odd}, SentioFace.ActionUnit.BROW_LOWERER
		)
		check(is_nan(unit), "%s has no units" % str(odd))
	check(SentioFace.action_units({}).is_empty(), "an older sidecar sends none")


func _vector(path: String) -> void:
	var bytes := FileAccess.get_file_as_bytes(path)
	var text := FileAccess.get_file_as_string(path.get_basename() + ".json")
	var wanted: Dictionary = JSON.parse_string(text)
	var wire := SentioWire.new()
	var published: bool = wanted.has("subject") or wanted.has("code") or wanted.get("topic") != null
	var good := wire.read(bytes) if published else wire.read_body(bytes)
	if wanted.has("code"):
		var frame := SentioAffectFrame.from_wire(wire) if good else null
		check(frame == null, path + " is refused")
		equal(wire.code if not good else "malformed", wanted["code"], path + " code")
		return
	check(good, path + " is read")
	if wanted.has("subject"):
		_frame(SentioAffectFrame.from_wire(wire), wanted, path)
	else:
		var body: Variant = JSON.parse_string(JSON.stringify(wire.body, "", true, true))
		check(body == wanted["body"], path + " body")
	if path.get_file().begins_with("request_"):
		check(SentioMsgpackWriter.new().write_map(wire.body) == bytes, path + " is written")
	_damage(bytes, published, path)


func _frame(frame: SentioAffectFrame, wanted: Dictionary, path: String) -> void:
	if not check(frame != null, path + " is a frame"):
		return
	var known: Dictionary = wanted["known"]
	for name in SentioAffectFrame.names:
		equal(frame.has(name), known.has(name), path + " knows " + name)
		if known.has(name):
			var wanted_value: float = known[name]
			near(frame.value(name), wanted_value, 1e-4, path + " value of " + name)
	equal(frame.has_evidence(), wanted.has("age"), path + " has ages and confidences")
	for name in SentioAffectFrame.names:
		_same(frame.age(name), wanted.get("age", {}).get(name, NAN), path + " age of " + name)
		var sure: float = wanted.get("confidence", {}).get(name, NAN)
		_same(frame.confidence(name), sure, path + " confidence of " + name)
	check(frame.state == wanted["state"] and frame.seq == int(wanted["seq"]), path + " header")


func _same(got: float, wanted: float, about: String) -> void:
	if is_nan(wanted):
		check(is_nan(got), about + " is unknown")
	else:
		near(got, wanted, 1e-4, about)


func _damage(bytes: PackedByteArray, published: bool, path: String) -> void:
	var start := bytes.find(0) + 1 if published else 0
	var reader := SentioMsgpackReader.new()
	var refused := true
	for length in range(start, bytes.size()):
		reader.read_map(bytes.slice(start, length))
		refused = refused and not reader.error.is_empty()
	check(refused, path + " is refused wherever it is cut")
	var random := RandomNumberGenerator.new()
	random.seed = SEED
	var bounded := true
	for turn in FUZZ_ROUNDS:
		var damaged := bytes.slice(start)
		for hit in 3:
			damaged[random.randi() % damaged.size()] = random.randi() % 128
		var map := reader.read_map(damaged)
		bounded = bounded and map.size() <= SentioMsgpackReader.MAX_ENTRIES
	check(bounded, path + " damaged is bounded")
