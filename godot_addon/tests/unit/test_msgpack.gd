extends SentioTestCase
## The msgpack codec.


func test_a_map_is_read_as_it_was_written() -> void:
	var long := "x".repeat(300)
	var map := {"a": [-33, -1, 127, 128, 70000, 1 << 40, 0.5, null, true], "b": {"c": long}}
	equal(SentioMsgpackReader.new().read_map(SentioMsgpackWriter.new().write_map(map)), map, "map")


func test_values_that_cannot_be_sent_are_refused() -> void:
	var writer := SentioMsgpackWriter.new()
	for bad: Variant in [NAN, Vector2.ZERO, "x".repeat(8193), range(513)]:
		check(writer.write_map({"a": bad}).is_empty(), "refused to write")
		check(not writer.error.is_empty(), "with a reason")
