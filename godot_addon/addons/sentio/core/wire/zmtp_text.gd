class_name SentioZmtpText
extends RefCounted
## Encodes ZMTP 3.0: greeting, frames, commands and their properties.

## More frames of this message follow.
const MORE := 1
## The length has eight bytes.
const LONG := 2
## The frame is a command.
const COMMAND := 4
## The longest frame whose length is one byte.
const SHORT := 255
## Bytes of a greeting, and of its opening: signature and version.
const GREETING := 64
## Bytes of the greeting up to the major version.
const OPENING := 12
## Bytes of the mechanism's name in a greeting.
const MECHANISM := 20
## User name of PLAIN (PROTOCOL.md, section 1).
const USER := "sentio"


## Signature and version: a peer answers them with its whole greeting.
static func opening() -> PackedByteArray:
	return PackedByteArray([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0])


## The greeting after [method opening].
static func greeting_rest(mechanism: String) -> PackedByteArray:
	var out := mechanism.to_ascii_buffer()
	out.resize(GREETING - OPENING)
	return out


## One frame of a message or, with [param flags], a command.
static func frame(body: PackedByteArray, flags: int = 0) -> PackedByteArray:
	var out := PackedByteArray()
	if body.size() <= SHORT:
		out.append(flags)
		out.append(body.size())
	else:
		out.append(flags | LONG)
		out.append_array(big_endian(body.size(), 8))
	out.append_array(body)
	return out


## A message of one or more frames.
static func message(frames: Array[PackedByteArray]) -> PackedByteArray:
	var out := PackedByteArray()
	for index in frames.size():
		out.append_array(frame(frames[index], MORE if index + 1 < frames.size() else 0))
	return out


## A command frame.
static func command(name: String, body := PackedByteArray()) -> PackedByteArray:
	var text := PackedByteArray([name.length()])
	text.append_array(name.to_ascii_buffer())
	text.append_array(body)
	return frame(text, COMMAND)


## PLAIN's HELLO with [param token] as password.
static func hello(token: String) -> PackedByteArray:
	var body := PackedByteArray([USER.length()])
	body.append_array(USER.to_ascii_buffer())
	var password := token.to_utf8_buffer()
	body.append(password.size())
	body.append_array(password)
	return command("HELLO", body)


## READY and INITIATE: the socket type.
static func metadata(name: String, socket: String) -> PackedByteArray:
	var body := _property("Socket-Type", socket)
	if socket == "DEALER":
		body.append_array(_property("Identity", ""))
	return command(name, body)


## PING: the peer may close after [param tenths] of a second without traffic (0: never).
static func ping(tenths: int, context: PackedByteArray) -> PackedByteArray:
	return command("PING", big_endian(tenths, 2) + context)


## [param value] in [param width] bytes, big-endian.
static func big_endian(value: int, width: int) -> PackedByteArray:
	var out := PackedByteArray()
	for index in width:
		out.append(value >> 8 * (width - 1 - index) & 0xff)
	return out


static func _property(name: String, value: String) -> PackedByteArray:
	var out := PackedByteArray([name.length()])
	out.append_array(name.to_ascii_buffer())
	out.append_array(big_endian(value.length(), 4))
	out.append_array(value.to_ascii_buffer())
	return out
