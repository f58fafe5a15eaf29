@tool
class_name SentioRequests
extends SentioFeed
## One method for each request to a sidecar; base class of [SentioClient].
##
## Every method returns at once; await the reply if needed:
## [code]await client.freeze().wait()[/code].

## The consent, sensor to granted purposes; empty before the first reply.
var consent := {}

# Null while the client is stopped.
var _control: SentioControl


## Seconds of this game's clock, which [method SentioClient.poll] uses.
static func now() -> float:
	return Time.get_ticks_usec() * 1e-6


## Sends any request of PROTOCOL.md, section 6. Do with the reply as you like:
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
	var followed := _followed()
	if followed and not whole.has("subject"):
		whole["subject"] = followed
	return _control.ask(op, whole, now())


## Sends a marker; it returns as an event and is kept in recordings. False if the sidecar is not
## connected: a late marker would have a wrong time. [param data] takes what JSON can hold, and
## vectors, colours and packed arrays as lists; with anything else it warns and returns false.
func mark(marker: StringName, data: Dictionary = {}) -> bool:
	var plain: Variant = _marker_data(marker, data)
	return (
		plain != null
		and _can_request()
		and not request("marker", {"name": marker, "data": plain}).done
	)


## Sends a line of text that the person wrote. [code]accepted[/code] is false without consent for
## text.
func send_text(line: String) -> SentioReply:
	return request("text", {"line": line})


## Stores the true state for training and evaluation; the fused state does not change. [param entry]
## is valence, arousal, dominance (-1..1), stress, engagement, relaxation or focus (0..1).
func label(entry: String, value: float) -> SentioReply:
	return request("label", {"name": entry, "value": value})


## Sends the person's own report, which is fused as evidence; entries as in [method label].
func self_report(entry: String, value: float) -> SentioReply:
	return request("self_report", {"name": entry, "value": value})


## Sends samples of a sensor that the game reads, such as face tracking of a headset or a heart-rate
## strap. [param values] holds one number for each of [param channels], NAN where it is unknown, or
## several rows of them. [param role] is face, ppg, ecg, heart_rate, eda, resp, temp, accel, eeg,
## input or motion.
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
		"values": _known(values),
		"rate_hz": rate_hz,
	}
	return request("input", arguments)


## Grants, for the person, the use of [param sensor] for [param purposes]: adapt, record,
## record_raw. Ask the person first, as [SentioConsent] does.
##
## [param about] is kept in the receipt: [code]text[/code] that the person saw,
## [code]text_name[/code], [code]text_version[/code], [code]language[/code], [code]by[/code],
## [code]days[/code] until it ends, [code]guardian[/code] for a child. The reply has
## [code]receipts[/code].
func grant(
	sensor: String, purposes: PackedStringArray = ["adapt"], about: Dictionary = {}
) -> SentioReply:
	var arguments := {"action": "grant", "sensor": sensor, "purposes": Array(purposes)}
	arguments.merge(about)
	arguments.merge({"how": "godot"})
	return _consent(arguments)


## Withdraws the consent for a sensor: it is closed and its buffers are cleared.
func withdraw(sensor: String) -> SentioReply:
	return _consent({"action": "withdraw", "sensor": sensor})


## Withdraws all consent for all sensors at once, as [SentioWithdrawKey] does.
func withdraw_all() -> SentioReply:
	return _consent({"action": "withdraw", "how": "godot"})


## Requests the consent; also in [member consent].
func consent_status() -> SentioReply:
	return _consent({"action": "status"})


## Starts a recording; if one runs, it continues. [param folder] is the name of a new folder in the
## sidecar's recordings folder, not a path; empty for one named by time. [param raw] names the
## sensors whose raw samples are kept. A game whose [SentioLauncher] started the sidecar may record
## only if the sidecar's configuration has [code]game_may = ["record"][/code].
func record_start(folder: String = "", raw: PackedStringArray = []) -> SentioReply:
	var arguments := {"action": "start", "raw": Array(raw)}
	if folder:
		arguments["folder"] = folder
	return request("record", arguments)


## Stops the recording.
func record_stop() -> SentioReply:
	return request("record", {"action": "stop"})


## Starts a baseline of [param seconds] (20..120): [param kind] is rest or active.
func calibrate_start(
	kind: String = "rest", seconds: float = 30.0, profile: String = ""
) -> SentioReply:
	var arguments := {"action": "start", "kind": kind, "seconds": seconds}
	if profile:
		arguments["profile"] = profile
	return request("calibrate", arguments)


## Stops the baseline early and discards it.
func calibrate_stop() -> SentioReply:
	return request("calibrate", {"action": "stop"})


## Requests the baseline's progress.
func calibrate_status() -> SentioReply:
	return request("calibrate", {"action": "status"})


## Freezes all adaptation; [param by] is recorded as the author.
func freeze(reason: String = "asked for", by: String = "") -> SentioReply:
	return request("freeze", {"reason": reason, "by": by})


## Unfreezes adaptation; [param by] is recorded as the author.
func unfreeze(by: String = "") -> SentioReply:
	return request("unfreeze", {"by": by})


## Overrides values for [param seconds]; null releases one. [param by] is recorded as the author.
func override_values(values: Dictionary, seconds: float = 3600.0, by: String = "") -> SentioReply:
	return request("override", {"values": values, "seconds": seconds, "by": by})


## Requests an expression of [param emotion]; the reply's [code]response[/code] is for
## [SentioExpression].
func synthesise(emotion: String, intensity: float = 1.0) -> SentioReply:
	return request("synthesise", {"emotion": emotion, "intensity": intensity})


func _consent(arguments: Dictionary) -> SentioReply:
	var reply := request("consent", arguments)
	reply.settled.connect(_take_consent.bind(reply))
	return reply


func _take_consent(reply: SentioReply) -> void:
	if reply.ok and reply.body.get("consent") is Dictionary:
		var granted: Dictionary = reply.body["consent"]
		_set_consent(granted)


func _set_consent(granted: Dictionary) -> void:
	if granted != consent:
		consent = granted
		consent_changed.emit(consent)


func _send_adaptation(adaptation: SentioAdaptation) -> bool:
	return _can_request() and not request("adaptation", adaptation.arguments()).done


func _can_request() -> bool:
	return _control != null and _control.link.state == SentioLink.State.UP


# The subject of requests that name none.
func _followed() -> String:
	return subject


# The values with null for NAN, which the wire does not have.
static func _known(values: PackedFloat32Array) -> Array:
	var all := Array(values)
	for index in all.size():
		if is_nan(values[index]):
			all[index] = null
	return all
