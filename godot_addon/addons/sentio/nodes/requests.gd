@tool
class_name SentioRequests
extends SentioFeed
## What a game may ask of a sidecar, one method for each operation; [SentioClient] brings the
## connection.
##
## Every method returns at once; what was answered is awaited where it matters:
## [code]await client.freeze().wait()[/code].

## What is agreed to: sensor to granted purposes; empty before the sidecar answered.
var consent := {}

# Null while the client is stopped.
var _control: SentioControl


## Seconds of this game's clock, which [method SentioClient.poll] runs by.
static func now() -> float:
	return Time.get_ticks_usec() * 1e-6


## Asks for any operation of PROTOCOL.md, section 6. Do with the reply as you like:
## [codeblock]
## var reply := await client.request("rate", {"hz": 30}).wait()
## if not reply.ok:
##     print(reply.error)
## [/codeblock]
func request(op: String, arguments: Dictionary = {}) -> SentioReply:
	if _control == null:
		var refused := SentioReply.new()
		refused.op = op
		refused.fail(SentioError.new("closed", "the client is stopped", "call start()"))
		return refused
	var whole := arguments.duplicate()
	var whom := _followed()
	if whom and not whole.has("subject"):
		whole["subject"] = whom
	return _control.ask(op, whole, now())


## Tells what happened in the game; comes back as an event and is kept in recordings. False where
## the sidecar is not connected: a marker that arrives late would lie about its time.
func mark(name: StringName, data: Dictionary = {}) -> bool:
	return _can_ask() and not request("marker", {"name": name, "data": data}).done


## Tells which adaptation was made and why, for the record; false where the sidecar is not
## connected.
func report_adaptation(what: StringName, value: float, why: String = "") -> bool:
	var arguments := {"what": what, "value": value, "why": why}
	return _can_ask() and not request("adaptation", arguments).done


## Hands on a line that the person wrote. [code]accepted[/code] is false without consent for text.
func send_text(line: String) -> SentioReply:
	return request("text", {"line": line})


## Tells what the person says that they feel: [param entry] is valence, arousal, dominance (-1..1),
## stress, engagement, relaxation or focus (0..1).
func label(entry: String, value: float) -> SentioReply:
	return request("label", {"name": entry, "value": value})


## Hands on samples of a sensor that the engine reads: face tracking of a headset, a heart-rate
## strap. [param values] holds one number for each of [param channels], or several rows of them;
## [param role] is face, ppg, ecg, heart_rate, eda, resp, temp, accel or eeg.
func input(
	stream: String,
	role: String,
	channels: PackedStringArray,
	values: PackedFloat32Array,
	rate_hz: float = 0.0
) -> SentioReply:
	var arguments := {
		"stream": stream,
		"role": role,
		"channels": Array(channels),
		"values": Array(values),
		"rate_hz": rate_hz,
	}
	return request("input", arguments)


## Agrees, for the person, that [param sensor] is read for [param purposes]: adapt, record,
## record_raw. Ask the person first; [SentioConsent] does.
func grant(sensor: String, purposes: PackedStringArray = ["adapt"]) -> SentioReply:
	return _consent({"action": "grant", "sensor": sensor, "purposes": Array(purposes)})


## Takes back what was agreed to: the sensor is closed and its buffers are emptied.
func withdraw(sensor: String) -> SentioReply:
	return _consent({"action": "withdraw", "sensor": sensor})


## Asks what is agreed to; also in [member consent].
func consent_status() -> SentioReply:
	return _consent({"action": "status"})


## Starts a recording; asked twice it goes on. [param folder] is the name of a new folder among the
## sidecar's recordings, never a path; empty for one named by time. [param raw] names sensors whose
## raw samples are kept.
func record_start(folder: String = "", raw: PackedStringArray = []) -> SentioReply:
	var arguments := {"action": "start", "raw": Array(raw)}
	if folder:
		arguments["folder"] = folder
	return request("record", arguments)


## Ends the recording.
func record_stop() -> SentioReply:
	return request("record", {"action": "stop"})


## Starts a baseline of [param seconds] (30..120): [param kind] is rest or active.
func calibrate_start(
	kind: String = "rest", seconds: float = 60.0, profile: String = ""
) -> SentioReply:
	var arguments := {"action": "start", "kind": kind, "seconds": seconds}
	if profile:
		arguments["profile"] = profile
	return request("calibrate", arguments)


## Ends the baseline before its time; nothing is kept of it.
func calibrate_stop() -> SentioReply:
	return request("calibrate", {"action": "stop"})


## How the baseline goes.
func calibrate_status() -> SentioReply:
	return request("calibrate", {"action": "status"})


## Asks all that adapts to hold still.
func freeze(reason: String = "asked for") -> SentioReply:
	return request("freeze", {"reason": reason})


## Lets adaptation go on.
func unfreeze() -> SentioReply:
	return request("unfreeze")


## Sets values by hand for [param seconds]; null releases one.
func override_values(values: Dictionary, seconds: float = 3600.0) -> SentioReply:
	return request("override", {"values": values, "seconds": seconds})


## Asks how a character would show [param emotion]: [code]response[/code] is for [SentioExpression].
func synthesise(emotion: String, intensity: float = 1.0) -> SentioReply:
	return request("synthesise", {"emotion": emotion, "intensity": intensity})


func _consent(arguments: Dictionary) -> SentioReply:
	var reply := request("consent", arguments)
	reply.settled.connect(_take_consent.bind(reply))
	return reply


func _take_consent(reply: SentioReply) -> void:
	if reply.ok and reply.body.get("consent") is Dictionary:
		_set_consent(reply.body["consent"])


func _set_consent(granted: Dictionary) -> void:
	if granted != consent:
		consent = granted
		consent_changed.emit(consent)


func _can_ask() -> bool:
	return _control != null and _control.link.state == SentioLink.State.UP


# Whom requests are about where they do not say.
func _followed() -> String:
	return subject
