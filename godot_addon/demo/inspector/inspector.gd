extends DemoStage
## Every value live, with its recent course, for developers. The only stage with numbers.

const PUSH_SECONDS := 0.25
## Seconds between markers when it plays automatically.
const AUTOPLAY_MARK_SECONDS := 6.0
## Title, colour, and entries as `name` or `name:low:high`; without bounds the range fits the
## values.
const GROUPS := [
	[
		"Affect",
		SentioPalette.TEAL,
		[
			"valence:-1:1",
			"arousal:-1:1",
			"dominance:-1:1",
			"valence_sd:0:0.6",
			"arousal_sd:0:0.6",
			"confidence:0:1",
			"mood_valence:-1:1",
			"mood_arousal:-1:1",
		]
	],
	[
		"Emotions",
		SentioPalette.VIOLET,
		[
			"p_neutral:0:1",
			"p_happiness:0:1",
			"p_surprise:0:1",
			"p_sadness:0:1",
			"p_anger:0:1",
			"p_disgust:0:1",
			"p_fear:0:1",
			"p_contempt:0:1",
			"entropy:0:1",
		]
	],
	[
		"Indices",
		SentioPalette.AMBER,
		[
			"stress:0:1",
			"engagement:0:1",
			"relaxation:0:1",
			"focus:0:1",
			"flow:0:1",
			"boredom:0:1",
			"frustration:0:1",
			"anxiety:0:1",
		]
	],
	[
		"Body",
		SentioPalette.CORAL,
		[
			"heart_rate",
			"rmssd",
			"breathing_rate",
			"scl",
			"scr_rate",
		]
	],
	[
		"Sensors",
		SentioPalette.BLUE,
		[
			"face_quality:0:1",
			"face_weight:0:1",
			"voice_quality:0:1",
			"voice_weight:0:1",
			"body_quality:0:1",
			"body_weight:0:1",
			"eeg_quality:0:1",
			"eeg_weight:0:1",
		]
	],
]

var _rows: Array[InspectorRow] = []
var _due := 0.0
var _mark_due := AUTOPLAY_MARK_SECONDS

@onready var _screen: Control = %Screen
@onready var _left: VBoxContainer = %Left
@onready var _right: VBoxContainer = %Right
@onready var _events: InspectorEvents = %Events
@onready var _panel: SentioHudPanel = %Panel


func _ready() -> void:
	need_session()
	_screen.theme = SentioPalette.theme(13)
	var raised := SentioPalette.box(SentioPalette.RAISED, 12, 14.0)
	(%Log as Control).add_theme_stylebox_override("panel", raised)
	(%Title as Label).add_theme_font_override("font", SentioPalette.font(0.8))
	for index in GROUPS.size():
		_add_group(_left if index < 2 else _right, GROUPS[index])
	session.feed_changed.connect(_follow)
	_follow(session.feed)
	(%Mark as Button).pressed.connect(func() -> void: session.mark(&"boss_spawned"))
	for scenario in SentioScenario.names():
		_add_scenario(scenario)
	_simulator_only()
	get_viewport().size_changed.connect(_fit)
	_fit()


func _process(delta: float) -> void:
	_mark_due -= delta
	if autoplay and _mark_due <= 0.0:
		_mark_due = AUTOPLAY_MARK_SECONDS
		session.mark(&"wave", {"foes": _rows.size()})
	_due -= delta
	if _due > 0.0 or not is_instance_valid(session.feed):
		return
	_due = PUSH_SECONDS
	for row in _rows:
		row.push(session.feed.latest)


func _follow(feed: SentioFeed) -> void:
	_panel.follow(feed)
	feed.event.connect(func(_subject: String, event: Dictionary) -> void: _events.note(event))
	_simulator_only()


# In a narrow window all stands in one column, which scrolls as a whole.
func _fit() -> void:
	var narrow := DemoSmallWindow.is_narrow(_screen)
	for box: BoxContainer in [%Head, %Columns, %Pair]:
		box.vertical = narrow
	(%Scenarios as HFlowContainer).alignment = (
		FlowContainer.ALIGNMENT_BEGIN if narrow else FlowContainer.ALIGNMENT_END
	)
	(%Scroll as ScrollContainer).vertical_scroll_mode = (
		ScrollContainer.SCROLL_MODE_DISABLED if narrow else ScrollContainer.SCROLL_MODE_AUTO
	)


func _simulator_only() -> void:
	(%Scenarios as Control).visible = session.feed is SentioSimulator


func _add_scenario(scenario: String) -> void:
	var button := Button.new()
	button.text = scenario
	button.pressed.connect(session.play.bind(scenario))
	%Scenarios.add_child(button)


func _add_group(column: VBoxContainer, group: Array) -> void:
	var panel := PanelContainer.new()
	panel.add_theme_stylebox_override("panel", SentioPalette.box(SentioPalette.RAISED, 12, 11.0))
	var rows := VBoxContainer.new()
	rows.add_theme_constant_override("separation", 0)
	panel.add_child(rows)
	rows.add_child(SentioPalette.label(group[0], 14, group[1], 0.5))
	for entry: String in group[2]:
		var parts := entry.split(":")
		var low := float(parts[1]) if parts.size() > 2 else 0.0
		var high := float(parts[2]) if parts.size() > 2 else 0.0
		var row := InspectorRow.of(parts[0], group[1], low, high)
		_rows.append(row)
		rows.add_child(row)
	column.add_child(panel)
