extends SentioTestCase
## One key withdraws all consent, at any time.

var _errors: Array[SentioError] = []


func test_the_default_key_acts_once_and_others_do_not() -> void:
	var node := _node()
	for pressed: InputEvent in [_key(KEY_F8), _key(KEY_F9, false), _key(KEY_F9, true, true)]:
		node._input(pressed)
	equal(_errors.size(), 0, "not pressed")
	node._input(_key(KEY_F9))
	await tree.process_frame
	equal(_errors.size(), 1, "pressed")
	equal(_errors[0].code, "closed", "a client that is stopped is reported")


func test_key_and_action_can_be_chosen() -> void:
	var node := _node()
	node.key = KEY_NONE
	node._input(_key(KEY_F9))
	node.key = KEY_F2
	node._input(_key(KEY_F2))
	await tree.process_frame
	equal(_errors.size(), 1, "another key")
	InputMap.add_action(node.action)
	var button := InputEventJoypadButton.new()
	button.button_index = JOY_BUTTON_BACK
	InputMap.action_add_event(node.action, button)
	var pressed := button.duplicate() as InputEventJoypadButton
	pressed.pressed = true
	node._input(pressed)
	await tree.process_frame
	InputMap.erase_action(node.action)
	equal(_errors.size(), 2, "a controller's button")


func test_it_acts_in_a_paused_game_and_with_a_hidden_dialog() -> void:
	var consent: SentioConsent = preload("res://addons/sentio/nodes/consent.tscn").instantiate()
	consent.client = _stopped()
	add(consent)
	consent.hide()
	var changed: Array[String] = []
	consent.changed.connect(
		func(sensor: String, _p: PackedStringArray, _e: SentioError) -> void: changed.append(sensor)
	)
	tree.paused = true
	Input.parse_input_event(_key(KEY_F9))
	await until(func() -> bool: return not changed.is_empty(), 5.0)
	tree.paused = false
	equal(changed.size(), consent.sensors.size(), "every sensor")


func _node() -> SentioWithdrawKey:
	_errors.clear()
	var node := SentioWithdrawKey.new()
	node.client = _stopped()
	node.withdrawn.connect(func(error: SentioError) -> void: _errors.append(error))
	add(node)
	return node


func _stopped() -> SentioClient:
	var client := SentioClient.new()
	client.autostart = false
	return add(client)


func _key(code: Key, pressed := true, echo := false) -> InputEventKey:
	var event := InputEventKey.new()
	event.keycode = code
	event.pressed = pressed
	event.echo = echo
	return event
