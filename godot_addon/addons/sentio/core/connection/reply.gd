class_name SentioReply
extends RefCounted
## The answer to one request: known now, or once [signal settled] was emitted.

## The answer is there; read [member ok]. Emitted when the frame's work is done, so that whoever
## waited may free the client.
signal settled

## The operation that was asked for.
var op := ""
## Whether the sidecar did it.
var ok := false
## Whether the answer is there.
var done := false
## What the sidecar said, by the names of PROTOCOL.md, section 6; empty where it did not.
var body := {}
## Why it was not done; null where it was.
var error: SentioError


## Waits for the answer and returns itself: [code]await client.request("time").wait()[/code].
func wait() -> SentioReply:
	if not done:
		await settled
	return self


## Settles the request with what the sidecar answered.
func answer(map: Dictionary) -> void:
	if done:
		return
	done = true
	ok = map.get("ok", false) is bool and map.get("ok", false)
	body = map if ok else {}
	error = null if ok else SentioError.from_map(map.get("error"))
	settled.emit.call_deferred()


## Settles the request with a failure of this side.
func fail(why: SentioError) -> void:
	if done:
		return
	done = true
	error = why
	settled.emit.call_deferred()
