extends SentioTestCase
## Replies: whoever waits for one is called once, and nothing is kept afterwards.

var _called := 0


func test_a_handler_alone_keeps_the_reply_until_it_is_settled() -> void:
	_ask().settled.connect(_count)
	check(await until(func() -> bool: return _called == 1, 5.0), "called")
	_ask(false).settled.connect(_count)
	check(await until(func() -> bool: return _called == 2, 5.0), "called for a failure")


func test_a_handler_with_the_reply_bound_to_it_does_not_keep_it() -> void:
	var kept := _bound()
	check(await until(func() -> bool: return _called == 1, 5.0), "called")
	await tree.process_frame
	check(kept.get_ref() == null, "the reply is gone")


func test_who_waits_goes_on() -> void:
	var reply := _ask()
	await reply.wait()
	await reply.wait()
	check(reply.ok, "also if it is complete already")


func _count() -> void:
	_called += 1


func _count_reply(reply: SentioReply) -> void:
	_called += 1 if reply.done else 0


# A reply that nobody holds, completed in the next frame as by a client.
func _ask(good := true) -> SentioReply:
	var reply := SentioReply.new()
	_complete.call_deferred(reply, good)
	return reply


func _bound() -> WeakRef:
	var reply := _ask()
	reply.settled.connect(_count_reply.bind(reply))
	return weakref(reply)


func _complete(reply: SentioReply, good: bool) -> void:
	if good:
		reply.answer({"ok": true})
	else:
		reply.fail(SentioError.new("closed", "the connection was closed"))
