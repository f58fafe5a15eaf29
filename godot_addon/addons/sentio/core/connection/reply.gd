class_name SentioReply
extends RefCounted
## The reply to one request: complete now, or when [signal settled] is emitted.

## The reply is complete; read [member ok]. Emitted at the end of the frame, so that a handler
## may free the client.
signal settled

## The requested operation.
var op := ""
## Whether the request succeeded.
var ok := false
## Whether the reply is complete.
var done := false
## The reply's map (PROTOCOL.md, section 6); empty if the request failed.
var body := {}
## Why the request failed; null if it did not.
var error: SentioError


## Waits for the reply and returns it: [code]await client.request("time").wait()[/code].
func wait() -> SentioReply:
	if not done:
		await settled
	return self


## Completes the reply with the sidecar's map.
func answer(map: Dictionary) -> void:
	if done:
		return
	done = true
	ok = map.get("ok", false) is bool and map.get("ok", false)
	body = map if ok else {}
	error = null if ok else SentioError.from_map(map.get("error"))
	_settle.call_deferred(self)


## Completes the reply with an error of the client.
func fail(why: SentioError) -> void:
	if done:
		return
	done = true
	error = why
	_settle.call_deferred(self)


# The argument keeps the reply until then: its caller may hold nothing but a connection. What is
# connected is let go, since a handler that has the reply bound to it would keep it forever.
func _settle(kept: SentioReply) -> void:
	kept.settled.emit()
	for connection: Dictionary in kept.settled.get_connections():
		var handler: Callable = connection["callable"]
		kept.settled.disconnect(handler)
