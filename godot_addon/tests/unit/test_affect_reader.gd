extends SentioTestCase
## The fast reader agrees with the general decoder, for good and damaged messages.

const SEED := 11
## What only other senders write; it is read the long way.
const UNUSUAL: Array[String] = [
	"affect_later_keys.bin", "affect_nan_unknown.bin", "affect_words_first.bin"
]


func test_every_state_is_read_the_same_and_fast() -> void:
	var fast := SentioAffectReader.new()
	for path in _states():
		var message := FileAccess.get_file_as_bytes(path)
		var kept := message.duplicate()
		var frame := fast.read(message)
		var usual := not path.get_file() in UNUSUAL
		check((fast._read_usual(message) != null) == usual, path + " takes the short way")
		_same(frame, _careful(message), path)
		equal(message, kept, path + " is left as it was")


func test_damaged_states_are_read_the_same() -> void:
	var random := RandomNumberGenerator.new()
	random.seed = SEED
	var fast := SentioAffectReader.new()
	for path in _states():
		var message := FileAccess.get_file_as_bytes(path)
		for length in range(0, message.size()):
			check(fast.read(message.slice(0, length)) == null, path + " cut at %d" % length)
		for turn in 50:
			var damaged := message.duplicate()
			for hit in 1 + random.randi() % 3:
				var at := random.randi() % 70 if hit else random.randi() % damaged.size()
				damaged[at] = random.randi() % 256
			_same(fast.read(damaged), _careful(damaged), "%s damaged, %d" % [path, turn])


func _states() -> PackedStringArray:
	var all := PackedStringArray()
	var folder := repository("tests/vectors/messages")
	for file in DirAccess.get_files_at(folder):
		if file.begins_with("affect_") and file.ends_with(".bin"):
			all.append(folder.path_join(file))
	return all


func _careful(message: PackedByteArray) -> SentioAffectFrame:
	var wire := SentioWire.new()
	return SentioAffectFrame.from_wire(wire) if wire.read(message) else null


func _same(one: SentioAffectFrame, other: SentioAffectFrame, about: String) -> void:
	if one == null or other == null:
		check(one == other, about + ": one is refused, the other is not")
		return
	var header := [one.subject, one.epoch, one.seq, one.sent, one.captured, one.state, one._mask]
	var wanted := [
		other.subject, other.epoch, other.seq, other.sent, other.captured, other.state, other._mask
	]
	equal(header, wanted, about)
	equal(one._words, other._words, about)
	for name in SentioAffectFrame.names:
		if one.has(name):
			equal(one.value(name), other.value(name), about + ", " + name)
		equal(str(one.age(name)), str(other.age(name)), about + ", age of " + name)
		var both := [str(one.confidence(name)), str(other.confidence(name))]
		equal(both[0], both[1], about + ", confidence of " + name)
