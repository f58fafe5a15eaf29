extends SentioTestCase
## The screen that lists sensors, and the file that keeps the choice.

const FILE := "user://test_sensors.toml"
const CAMERA := {
	"type": "camera",
	"name": 'Camera "A"',
	"detail": "1280 x 720",
	"settings": {"device": 'C:\\cams\\a "b" \u00e9', "rate-hz": "30"},
	"usable": true,
}
const STRAP := {"type": "ble_heart", "name": "Strap", "settings": {"address": "a:b"}}


func tear_down() -> void:
	super()
	DirAccess.remove_absolute(FILE)


func test_the_file_keeps_devices_with_any_text() -> void:
	equal(SentioSensorFile.write(FILE, [CAMERA, STRAP]), OK, "written")
	var read := SentioSensorFile.read(FILE)
	equal(read.size(), 2, "devices")
	check(SentioSensorFile.same(read[0], CAMERA), str(read[0]))
	equal(read[0]["name"], CAMERA["name"], "its name")
	check(SentioSensorFile.same(read[1], STRAP), str(read[1]))
	var text := FileAccess.get_file_as_string(FILE)
	check('\n"rate-hz" = "30"' in text, text)


func test_a_file_of_another_program_is_left_alone() -> void:
	FileAccess.open(FILE, FileAccess.WRITE).store_string('[[source]]\ntype = "lsl"\n')
	equal(SentioSensorFile.read(FILE).size(), 0, "not read")
	equal(SentioSensorFile.read("user://nowhere.toml").size(), 0, "no file")


func test_a_folder_that_cannot_be_written_is_reported() -> void:
	var chooser := _chooser()
	chooser.file = "user://"
	check(chooser.store() != OK, "an error")
	check(chooser._problem.visible and "could not be kept" in chooser._problem.text, "shown")


func test_the_kept_device_is_chosen_also_if_it_is_not_connected() -> void:
	SentioSensorFile.write(FILE, [CAMERA, STRAP])
	var chooser := _chooser()
	chooser._show_found([CAMERA])
	equal(chooser.devices().size(), 2, "chosen")
	check(SentioSensorFile.same(chooser.devices()[0], CAMERA), "the camera")
	check(SentioSensorFile.same(chooser.devices()[1], STRAP), "the strap")
	check("not connected" in chooser._rows["ble_heart"]._choice.text, "says so")
	equal(chooser._rows["lsl"].device(), {}, "none")


func test_a_device_that_cannot_be_used_is_explained() -> void:
	var chooser := _chooser()
	var absent := {"type": "lsl", "name": "LSL is missing", "fix": "install it", "usable": false}
	chooser._show_found([absent])
	var row := chooser._rows["lsl"]
	equal(row.device(), {}, "cannot be chosen")
	check(row._choice.disabled, "nothing to choose")
	equal(row._help.text, "LSL is missing: install it", "why, and what to do")


func test_a_signal_appears_only_after_that_sensors_consent() -> void:
	var chooser := _chooser()
	chooser._show_found([CAMERA])
	var row := chooser._rows["camera"]
	row._choice.select(1)
	var detail := {"sensors": {"camera": {"state": "on"}}, "modalities": {"face": {"quality": 0.8}}}
	row.show_signal({}, detail)
	check(not row._level.visible, "no level without consent")
	equal(row._state.text, "Not allowed yet", "state")
	row.show_signal({"microphone": ["adapt"]}, detail)
	check(not row._level.visible, "nor with that of another sensor")
	row.show_signal({"camera": ["adapt"]}, detail)
	check(row._level.visible, "with it")
	near(row._level.value, 0.8, 1e-6, "level")
	equal(row._state.text, "Good signal", "state")
	detail["modalities"] = {"face": {"quality": 0.0, "reasons": ["no_face"]}}
	row.show_signal({"camera": ["adapt"]}, detail)
	equal(row._state.text, "No face in view", "why not")
	detail["sensors"] = {"camera": {"state": "ended", "reasons": ["end_of_file"]}}
	row.show_signal({"camera": ["adapt"]}, detail)
	equal(row._state.text, "Its file has ended", "a video instead of a camera")
	row._choice.select(0)
	row.show_signal({"camera": ["adapt"]}, detail)
	check(not row._level.visible, "no level without a device")


func test_it_fits_a_narrow_and_a_wide_window() -> void:
	for width: float in [320.0, 1280.0]:
		var frame := Control.new()
		frame.size = Vector2(width, 640.0)
		add(frame)
		var chooser := _chooser(frame)
		chooser.set_anchors_preset(Control.PRESET_FULL_RECT)
		chooser._show_found([CAMERA, STRAP])
		await tree.process_frame
		await tree.process_frame
		check(chooser.size.x <= width, "%s is within %s" % [chooser.size.x, width])
		for row: SentioSensorRow in chooser._rows.values():
			check(row.size.x >= 240.0 and row.size.x <= width, "row %s of %s" % [row.size.x, width])


func _chooser(parent: Node = null) -> SentioSensorChooser:
	var chooser := SentioSensorChooser.new()
	chooser.file = FILE
	if parent:
		parent.add_child(chooser)
		return chooser
	return add(chooser)
