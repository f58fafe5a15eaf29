class_name SentioFeed
extends Node
## Base class of affect sources: a sidecar, a recorded file or a simulator.
##
## Bindings, directors and screens work with any feed:
## [SentioClient], [SentioPlayer] and [SentioSimulator] are feeds.

## A new state; only the newest of those that arrived since the last rendered frame.
@warning_ignore("unused_signal")
signal frame(frame: SentioAffectFrame)
## A new event: the map of PROTOCOL.md, section 7. None is dropped.
signal event(subject: String, event: Dictionary)
## The response to a marker, twice: two seconds after it, and refined after nine.
signal response(subject: String, response: SentioResponse)
## A dimension has clearly changed.
signal change(subject: String, change: SentioChange)
## A binding, director or rail of this game changed something; also sent for the recording.
signal adapted(adaptation: SentioAdaptation)
## The person laughed, frowned, yawned, startled or sighed.
signal expression(subject: String, expression: SentioExpressionEvent)
## Frustration that lasts over several lines of text began or ended.
signal frustration(subject: String, frustration: SentioFrustration)
## A new detail: the map of PROTOCOL.md, section 5.
@warning_ignore("unused_signal")
signal detail(subject: String, detail: Dictionary)
## The link changed; [param reason] is one line of text.
signal link_state_changed(state: SentioFeed.LinkState, reason: String)
## Deprecated: the former name of [signal link_state_changed]; to be removed in the next version.
signal link_state(state: SentioFeed.LinkState, reason: String)
## The consent changed: sensor to granted purposes.
@warning_ignore("unused_signal")
signal consent_changed(granted: Dictionary)

## State of a feed's connection to its source.
enum LinkState {
	## Stopped, or not started.
	OFF,
	## Connecting to its source.
	CONNECTING,
	## States arrive.
	LIVE,
	## Connected, but no state arrives.
	SILENT,
	## The connection was lost; reconnecting.
	LOST,
	## Refused: [member link_reason] states what to change.
	REFUSED,
}

## The subject that is followed; empty follows the first one received.
@export var subject := ""

## The newest state of [member subject], or null before the first.
var latest: SentioAffectFrame
## The newest detail of [member subject], empty before the first.
var latest_detail := {}:
	get:
		_refresh_detail()
		return latest_detail
## The link state.
var link := LinkState.OFF
## The reason for the link state, in one line.
var link_reason := ""

var _report_problem := ""


## Sends a marker, which returns as an event of kind `marker`; false if it cannot be sent.
func mark(_name: StringName, _data: Dictionary = {}) -> bool:
	return false


## Reports an adaptation for the recording; false if it cannot be sent.
func report_adaptation(what: StringName, value: float, why: String = "") -> bool:
	return report(SentioAdaptation.new(what, value, why))


## Reports [param adaptation], with its requested value and author, for the recording; false if it
## cannot be sent. It is in [signal adapted] in either case.
func report(adaptation: SentioAdaptation) -> bool:
	adapted.emit(adaptation)
	var problem := adaptation.problem()
	if problem.is_empty():
		return _send_adaptation(adaptation)
	# Once: what reports does so many times a second.
	if problem != _report_problem:
		_report_problem = problem
		push_warning(
			"The adaptation '%s' was not sent: %s" % [String(adaptation.what).left(40), problem]
		)
	return false


## Age of the newest state in seconds; infinite before the first.
func age() -> float:
	return INF


## The newest state if it is at most a second old, else null. Nodes read this.
func fresh_frame() -> SentioAffectFrame:
	return latest if latest and age() <= SentioFeedFinder.LONGEST_AGE else null


## Deprecated: the former name of [method fresh_frame]; to be removed in the next version.
func fresh() -> SentioAffectFrame:
	SentioDeprecated.warn("SentioFeed.fresh()", "fresh_frame()")
	return fresh_frame()


# A feed without a connection has nowhere to send it.
func _send_adaptation(_adaptation: SentioAdaptation) -> bool:
	return false


# Emits an event, and its typed form if something is connected to that.
func _show_event(about: String, body: Dictionary) -> void:
	event.emit(about, body)
	match body.get("kind"):
		"first_response", "response":
			var answer := SentioResponse.from_event(body)
			if answer:
				response.emit(about, answer)
		"change":
			var made := SentioChange.from_event(body)
			if made:
				change.emit(about, made)
		"expression":
			var shown := SentioExpressionEvent.from_event(body)
			if shown:
				expression.emit(about, shown)
		"frustration":
			var lasting := SentioFrustration.from_event(body)
			if lasting:
				frustration.emit(about, lasting)


# The data of a marker as it is sent; null, with a warning, if it cannot be.
func _marker_data(about: StringName, data: Dictionary) -> Variant:
	var maker := SentioMarkerData.new()
	var plain := maker.plain(about, data)
	SentioNameCheck.marker(about)
	if maker.error.is_empty():
		return plain
	push_warning("The marker '%s' was not sent: %s" % [str(about).left(40), maker.error])
	return null


# A feed may decode details on demand: most games never read them.
func _refresh_detail() -> void:
	pass


# Emits the link's state and reason, under the former name too.
func _emit_link_state() -> void:
	link_state_changed.emit(link, link_reason)
	if not link_state.get_connections().is_empty():
		SentioDeprecated.warn("SentioFeed.link_state", "link_state_changed")
		link_state.emit(link, link_reason)
