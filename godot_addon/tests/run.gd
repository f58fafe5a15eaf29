extends SceneTree
## Runs the tests: golden vectors, every cut of each, thousands of damaged ones, back-off.

const FUZZ_ROUNDS := 300
const SEED := 7

var _passed := 0
var _failed := 0


func _init() -> void:
	var folder := ProjectSettings.globalize_path("res://").path_join("../tests/vectors/messages")
	var files := DirAccess.get_files_at(folder)
	_check(files.size() > 0, "the vectors are there")
	for file in files:
		if file.ends_with(".bin"):
			_vector(folder.path_join(file))
	_layout()
	_hostile_header()
	_backoff()
	_writer()
	print("%d passed, %d failed" % [_passed, _failed])
	quit(1 if _failed else 0)


func _check(good: bool, what: String) -> void:
	_passed += int(good)
	_failed += int(not good)
	if not good:
		printerr("FAILED: ", what)


func _layout() -> void:
	_check(SentioAffectFrame.names.size() == 60, "60 entries")
	_check(SentioAffectFrame.names.find("confidence") == 35, "confidence is entry 35")


func _backoff() -> void:
	var random := RandomNumberGenerator.new()
	random.seed = SEED
	var backoff := SentioBackoff.new(0.1, 0.8, random)
	for step: float in [0.1, 0.2, 0.4, 0.8, 0.8]:
		var wait := backoff.next()
		_check(wait >= 0.5 * step and wait <= step, "a wait of the step %s" % step)
	backoff.reset()
	_check(backoff.next() <= 0.1, "the wait starts anew")


func _writer() -> void:
	var writer := SentioMsgpackWriter.new()
	var reader := SentioMsgpackReader.new()
	var long := "x".repeat(300)
	var map := {"a": [-33, -1, 127, 128, 70000, 1 << 40, 0.5, null, true], "b": {"c": long}}
	_check(reader.read_map(writer.write_map(map)) == map, "a map is read as it was written")
	for bad: Variant in [NAN, Vector2.ZERO, "x".repeat(8193), range(513)]:
		_check(writer.write_map({"a": bad}).is_empty(), "refused to write")
		_check(not writer.error.is_empty(), "and says why")


func _hostile_header() -> void:
	var wire := SentioWire.new()
	wire.topic = "affect/player"
	var bytes := PackedByteArray()
	bytes.resize(240)
	wire.body = {"v": 1, "e": 1, "n": 0, "s": 0, "m": 0, "x": bytes, "p": 1.0}
	_check(SentioAffectFrame.from_wire(wire) != null, "a plain header is read")
	for key: String in ["e", "n", "s", "m", "x", "p", "t"]:
		var kept: Variant = wire.body.get(key)
		wire.body[key] = "text"
		_check(SentioAffectFrame.from_wire(wire) == null, key + " of another type is refused")
		if kept == null:
			wire.body.erase(key)
		else:
			wire.body[key] = kept


func _vector(path: String) -> void:
	var bytes := FileAccess.get_file_as_bytes(path)
	var text := FileAccess.get_file_as_string(path.get_basename() + ".json")
	var wanted: Dictionary = JSON.parse_string(text)
	var wire := SentioWire.new()
	var published: bool = wanted.has("subject") or wanted.has("code") or wanted.get("topic") != null
	var good := wire.read(bytes) if published else wire.read_body(bytes)
	if wanted.has("code"):
		var frame := SentioAffectFrame.from_wire(wire) if good else null
		_check(frame == null, path + " is refused")
		_check((wire.code if not good else "malformed") == wanted["code"], path + " code")
		return
	_check(good, path + " is read")
	if wanted.has("subject"):
		_frame(SentioAffectFrame.from_wire(wire), wanted, path)
	else:
		var body: Variant = JSON.parse_string(JSON.stringify(wire.body, "", true, true))
		_check(body == wanted["body"], path + " body")
	if path.get_file().begins_with("request_"):
		_check(SentioMsgpackWriter.new().write_map(wire.body) == bytes, path + " is written")
	_damage(bytes, published, path)


func _frame(frame: SentioAffectFrame, wanted: Dictionary, path: String) -> void:
	_check(frame != null, path + " is a frame")
	if frame == null:
		return
	var known: Dictionary = wanted["known"]
	for name in SentioAffectFrame.names:
		_check(frame.has(name) == known.has(name), path + " knows " + name)
		if known.has(name):
			var wanted_value: float = known[name]
			_check(absf(frame.value(name) - wanted_value) < 1e-4, path + " value of " + name)
	_check(frame.state == wanted["state"] and frame.seq == int(wanted["seq"]), path + " header")


func _damage(bytes: PackedByteArray, published: bool, path: String) -> void:
	var start := bytes.find(0) + 1 if published else 0
	var reader := SentioMsgpackReader.new()
	var refused := true
	for length in range(start, bytes.size()):
		reader.read_map(bytes.slice(start, length))
		refused = refused and not reader.error.is_empty()
	_check(refused, path + " is refused wherever it is cut")
	var random := RandomNumberGenerator.new()
	random.seed = SEED
	var bounded := true
	for round in FUZZ_ROUNDS:
		var damaged := bytes.slice(start)
		for hit in 3:
			damaged[random.randi() % damaged.size()] = random.randi() % 128
		var map := reader.read_map(damaged)
		bounded = bounded and map.size() <= SentioMsgpackReader.MAX_ENTRIES
	_check(bounded, path + " damaged is bounded")
