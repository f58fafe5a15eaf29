class_name SentioVectorMessages
extends RefCounted
## Small messages as a sidecar publishes them, for tests.


## A state of the subject [code]player[/code] with the number [param seq], below 128.
func state(seq: int, sent: float = 1.0, epoch: int = 7) -> PackedByteArray:
	var vector := PackedByteArray()
	vector.resize(4 * SentioAffectFrame.MASK_ENTRIES)
	var head := PackedByteArray([0x87, 0xa1, 0x76, 1, 0xa1, 0x65, epoch, 0xa1, 0x6e, seq])
	var out := "affect/player".to_utf8_buffer() + PackedByteArray([0]) + head
	out.append_array(PackedByteArray([0xa1, 0x70, 0xcb]))
	var number := PackedByteArray()
	number.resize(8)
	number.encode_double(0, sent)
	number.reverse()
	out.append_array(number)
	out.append_array(PackedByteArray([0xa1, 0x73, 0, 0xa1, 0x6d, 1, 0xa1, 0x78, 0xc4, 240]))
	return out + vector


## An event of the subject [code]player[/code].
func event(id: int) -> PackedByteArray:
	var body := {
		"v": 1, "epoch": 7, "id": id, "time": 1.0, "kind": "marker", "name": "a", "data": {}
	}
	var out := "event/player".to_utf8_buffer() + PackedByteArray([0])
	return out + SentioMsgpackWriter.new().write_map(body)
