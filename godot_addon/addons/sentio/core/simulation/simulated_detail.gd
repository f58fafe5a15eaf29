@tool
class_name SentioSimulatedDetail
extends RefCounted
## Builds the detail map of a simulated person (PROTOCOL.md, section 5).

const _ABSENT := {"text": "no text model", "headset": "no headset", "game": "", "self": ""}


## The detail of [param frame], made from [param reading] of [param person].
static func build(
	frame: SentioAffectFrame, reading: SentioSimulatedReading, person: SentioSimulatedPerson
) -> Dictionary:
	var known := {}
	var shown := {}
	if not frame.state in ["withdrawn", "no_subject"]:
		shown = SentioSimulatedFace.units(person, reading)
	for name: String in SentioAffectFrame.names:
		if frame.has(name):
			known[name] = frame.value(name)
	return {
		"v": SentioWire.VERSION,
		"epoch": frame.epoch,
		"seq": frame.seq,
		"sent": frame.sent,
		"state": frame.state,
		"why": _why(frame),
		"values": known,
		"emotions": _leading(frame),
		"action_units": shown,
		"modalities": _modalities(frame, reading),
		"sensors": {},
		"calibration": {"state": "none", "progress": 0.0, "kind": "", "reasons": [], "profile": ""},
		"recording": {"active": false, "folder": "", "raw": [], "seconds": 0.0, "dropped": 0},
		"frozen": false,
		"overrides": {},
	}


static func _why(frame: SentioAffectFrame) -> String:
	match frame.state:
		"withdrawn":
			return "consent was withdrawn; nothing is captured"
		"no_subject":
			return "no subject is present"
		"warming":
			return "getting to know you"
		"stale":
			return "no fresh evidence; the estimate fades"
	var parts := PackedStringArray()
	var beats := frame.value("heart_rate") - float(SentioScenario.REST["heart_rate"])
	if absf(beats) >= 4.0:
		parts.append(
			"heart rate %+.0f %s your baseline" % [beats, "over" if beats > 0.0 else "under"]
		)
	var valence := frame.value("valence", 0.0)
	if absf(valence) > 0.3:
		parts.append("smiling more" if valence > 0.0 else "mouth corners down")
	if frame.value("breathing_rate", 12.0) < 8.0:
		parts.append("breathing slower")
	elif frame.value("breathing_rate", 12.0) > 16.0:
		parts.append("breathing faster")
	return "simulated: " + (", ".join(parts) if not parts.is_empty() else "as usual")


static func _leading(frame: SentioAffectFrame) -> Array:
	var all := []
	for name: String in SentioSimulatedReading.PLACES:
		if frame.has("p_" + name):
			all.append([name, frame.value("p_" + name)])
	all.sort_custom(func(a: Array, b: Array) -> bool: return a[1] > b[1])
	return all.slice(0, 2)


static func _modalities(frame: SentioAffectFrame, reading: SentioSimulatedReading) -> Dictionary:
	var all := {}
	for name: String in SentioFrameBuilder.MODALITIES:
		var quality: float = reading.quality.get(name, 0.0)
		var state := "ok"
		var reasons := []
		if frame.state == "withdrawn":
			state = "withdrawn"
		elif quality > 0.0 and not reading.sensors.measures(name):
			state = "gap"
			reasons = ["no signal now"]
		elif quality <= 0.0:
			state = "absent"
			reasons = ["not simulated"]
		elif quality < 0.25:
			state = "bad_quality"
			reasons = ["weak signal"]
		elif frame.state != "ok":
			state = frame.state
		all[name] = {
			"state": state,
			"weight": frame.value(name + "_weight", 0.0),
			"quality": quality,
			"age": frame.value(name + "_age", 0.0),
			"reasons": reasons,
			"model": "simulator",
			"fix": _ABSENT.get(name, "raise its quality in the inspector"),
		}
	return all
