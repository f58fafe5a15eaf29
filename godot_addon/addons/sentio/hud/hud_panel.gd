@tool
class_name SentioHudPanel
extends PanelContainer
## All data of one feed: valence and arousal with uncertainty, indices, heart, sensors, link and
## reason.
##
## Used by [SentioHud] and the editor's dock. Raw numbers are for developers: do not show
## this panel to players.

## The indices that are shown, with their colours.
const INDICES: Dictionary[String, Color] = {
	"stress": SentioPalette.CORAL,
	"engagement": SentioPalette.AMBER,
	"relaxation": SentioPalette.TEAL,
	"focus": SentioPalette.BLUE,
	"confidence": SentioPalette.TEXT,
}

var _feed: SentioFeed
var _link := _line(13)
var _reason := _line(12, SentioPalette.MUTED)
var _pad := SentioAffectPad.new()
var _meters: Dictionary[String, SentioMeter] = {}
var _heart := SentioHeart.new()
var _breath := _line(12, SentioPalette.MUTED)
var _table := SentioModalityTable.new()
var _why := _line(12)
var _times := _line(11, SentioPalette.MUTED)
var _capture := SentioCaptureLights.new()


func _init() -> void:
	theme = SentioPalette.theme()
	var ground := SentioPalette.box(Color(SentioPalette.GROUND, 0.97), 14, 14.0)
	ground.border_color = SentioPalette.LINE
	ground.set_border_width_all(1)
	add_theme_stylebox_override("panel", ground)
	custom_minimum_size.x = 320
	var rows := VBoxContainer.new()
	rows.add_theme_constant_override("separation", 7)
	add_child(rows)
	for part: Control in [_link, _reason, _pad]:
		rows.add_child(part)
	for entry: String in INDICES:
		_meters[entry] = SentioMeter.of(entry, INDICES[entry])
		rows.add_child(_meters[entry])
	for part: Control in [_heart, _breath, _table, HSeparator.new(), _why, _capture, _times]:
		rows.add_child(part)
	_link.add_theme_font_override("font", SentioPalette.font(0.6))


## Moves the sensors above valence and arousal, for setting them up.
func put_sensors_first() -> void:
	var rows := _table.get_parent()
	rows.move_child(_table, _pad.get_index())
	_pad.custom_minimum_size.y = 110.0


## Shows [param feed] from now on; null shows none.
func follow(feed: SentioFeed) -> void:
	if _feed:
		_feed.link_state_changed.disconnect(_on_link)
		_feed.detail.disconnect(_on_detail)
	_feed = feed
	if not feed:
		_on_link(SentioFeed.LinkState.OFF, "no feed")
		return
	feed.link_state_changed.connect(_on_link)
	feed.detail.connect(_on_detail)
	_on_link(feed.link, feed.link_reason)
	_on_detail(feed.subject, feed.latest_detail)


## Whether it was given a feed, which may have been freed since.
func shows_feed() -> bool:
	return not is_same(_feed, null)


func _process(_delta: float) -> void:
	if not is_visible_in_tree():
		return
	# The last state of a lost link is not shown.
	var live := is_instance_valid(_feed) and _feed.link == SentioFeed.LinkState.LIVE
	var frame: SentioAffectFrame = _feed.latest if live else null
	_pad.show_frame(frame)
	for entry: String in _meters:
		var meter := _meters[entry]
		if frame:
			meter.show_value(frame.value(entry), _spread(frame, entry))
		else:
			meter.show_value(NAN)
	_heart.show_rate(frame.value("heart_rate") if frame else NAN)
	_breath.text = _body_text(frame)
	_times.text = _times_text(frame)


# The standard deviation of an entry; the confidence has none.
func _spread(frame: SentioAffectFrame, entry: String) -> float:
	return NAN if entry == "confidence" else frame.value(entry + "_sd")


func _on_link(link: SentioFeed.LinkState, reason: String) -> void:
	var entry: String = SentioFeed.LinkState.find_key(link)
	_link.text = "●  " + entry.to_lower()
	_link.add_theme_color_override("font_color", SentioPalette.of_link(link))
	_reason.text = reason
	_reason.visible = not reason.is_empty()


func _on_detail(_subject: String, detail: Dictionary) -> void:
	_why.text = str(detail.get("why", ""))
	_why.visible = not _why.text.is_empty()
	_table.show_state(_feed.latest if _feed else null, detail)
	_capture.show_detail(detail)


func _body_text(frame: SentioAffectFrame) -> String:
	var parts := PackedStringArray()
	if frame and frame.has("breathing_rate"):
		parts.append("breath %.0f /min" % frame.value("breathing_rate"))
	if frame and frame.has("rmssd"):
		parts.append("RMSSD %.0f ms" % frame.value("rmssd"))
	if frame and frame.has("scl"):
		parts.append("skin %.1f µS" % frame.value("scl"))
	return "   ".join(parts) if not parts.is_empty() else "body unknown"


func _times_text(frame: SentioAffectFrame) -> String:
	if not frame:
		return "no state received"
	var parts := PackedStringArray(["%s  #%d" % [frame.subject, frame.seq], frame.state])
	if frame.captured >= 0.0:
		parts.append("sensor to sent %.0f ms" % (1000.0 * maxf(frame.sent - frame.captured, 0.0)))
	var client := _feed as SentioClient
	if client and not is_nan(client.latency()):
		parts.append("to here %.0f ms" % (1000.0 * maxf(client.latency(), 0.0)))
	var age := _feed.age()
	if is_finite(age):
		parts.append("age %.0f ms" % (1000.0 * maxf(age, 0.0)))
	return "   ".join(parts)


static func _line(size_px: int, tone: Color = SentioPalette.TEXT) -> Label:
	var made := SentioPalette.label("", size_px, tone)
	made.autowrap_mode = TextServer.AUTOWRAP_WORD_SMART
	return made
