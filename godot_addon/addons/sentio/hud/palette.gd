@tool
class_name SentioPalette
extends RefCounted
## Colours, fonts and boxes of Sentio's screens, shared by HUD, dock and demo.
##
## Text has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3); colours of states are always shown
## with a word.

## Background.
const GROUND := Color("0e1219")
## Cards and buttons.
const RAISED := Color("1a202b")
## Lines and inactive parts.
const LINE := Color("323b4b")
## Text.
const TEXT := Color("eef2f8")
## Secondary text.
const MUTED := Color("a3aec0")
## Good, on, calm.
const TEAL := Color("6fe3cb")
## Pending, or a warning.
const AMBER := Color("ffc56e")
## Error, or tense.
const CORAL := Color("ff8377")
## Withdrawn.
const VIOLET := Color("b39bff")
## Neither good nor bad.
const BLUE := Color("7cbcff")

## Colours of the states of modalities, sensors and frames.
const STATES := {
	"ok": TEAL,
	"on": TEAL,
	"warming": AMBER,
	"opening": AMBER,
	"stale": AMBER,
	"gap": AMBER,
	"bad_quality": AMBER,
	"no_subject": BLUE,
	"error": CORAL,
	"withdrawn": VIOLET,
}


## The colour of the state [param name]; muted for what is absent or unknown.
static func of_state(name: String) -> Color:
	return STATES.get(name, MUTED)


## The colour of a feed's link.
static func of_link(link: SentioFeed.LinkState) -> Color:
	match link:
		SentioFeed.LinkState.LIVE:
			return TEAL
		SentioFeed.LinkState.CONNECTING, SentioFeed.LinkState.SILENT:
			return AMBER
		SentioFeed.LinkState.LOST, SentioFeed.LinkState.REFUSED:
			return CORAL
	return MUTED


## The engine's own font with [param weight]: 0 is regular, 0.7 bold.
static func font(weight: float = 0.0) -> Font:
	var face := FontVariation.new()
	face.base_font = ThemeDB.fallback_font
	face.variation_embolden = weight
	return face


## A rounded box; [param padding] in pixels.
static func box(fill: Color, radius: int = 10, padding: float = 12.0) -> StyleBoxFlat:
	var style := StyleBoxFlat.new()
	style.bg_color = fill
	style.set_corner_radius_all(radius)
	style.set_content_margin_all(padding)
	style.anti_aliasing_size = 0.7
	return style


## A theme for labels and buttons on the dark background. Screens for players use the type
## variations SentioTitle, SentioHeading, SentioMuted, SentioGood and SentioProblem of Label,
## SentioScreen and SentioCard of PanelContainer and SentioPrimary of Button. A game's own theme can
## define them; if it does not, its plain labels and boxes are used.
static func theme(size: int = 13) -> Theme:
	var made := Theme.new()
	made.default_font = font()
	made.default_font_size = size
	made.set_color("font_color", "Label", TEXT)
	for kind: String in ["Button", "OptionButton", "CheckButton"]:
		made.set_color("font_color", kind, TEXT)
		made.set_color("font_hover_color", kind, Color.WHITE)
		made.set_color("font_pressed_color", kind, TEAL)
		made.set_color("font_hover_pressed_color", kind, TEAL)
	for state: String in ["normal", "hover", "pressed", "hover_pressed"]:
		made.set_stylebox(state, "CheckButton", box(Color.TRANSPARENT, 8, 9.0))
	for kind: String in ["Button", "OptionButton"]:
		made.set_stylebox("normal", kind, box(RAISED, 8, 9.0))
		made.set_stylebox("hover", kind, box(RAISED.lightened(0.08), 8, 9.0))
		made.set_stylebox("pressed", kind, box(RAISED.lightened(0.14), 8, 9.0))
		made.set_stylebox("disabled", kind, box(Color(RAISED, 0.5), 8, 9.0))
		var focus := box(Color.TRANSPARENT, 8, 9.0)
		focus.set_border_width_all(2)
		focus.border_color = TEAL
		made.set_stylebox("focus", kind, focus)
	_add_switch(made)
	_add_variations(made, size)
	return made


## A label on one line; [param tone] is its colour.
static func label(text: String, size: int, tone: Color = TEXT, weight: float = 0.0) -> Label:
	var made := Label.new()
	made.text = text
	made.add_theme_font_size_override("font_size", size)
	made.add_theme_color_override("font_color", tone)
	if weight > 0.0:
		made.add_theme_font_override("font", font(weight))
	return made


## A label with the type variation [param part]; wraps its lines if [param wraps].
static func named(text: String, part: StringName, wraps := true) -> Label:
	var made := Label.new()
	made.text = text
	made.theme_type_variation = part
	if wraps:
		made.autowrap_mode = TextServer.AUTOWRAP_WORD_SMART
	return made


## A container in which [param list] scrolls up and down, clear of the bar at its right.
static func scrolling(list: Control) -> ScrollContainer:
	var beside_bar := MarginContainer.new()
	beside_bar.add_theme_constant_override("margin_right", 12)
	for wide: Control in [list, beside_bar]:
		wide.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	beside_bar.add_child(list)
	var made := ScrollContainer.new()
	made.size_flags_vertical = Control.SIZE_EXPAND_FILL
	made.horizontal_scroll_mode = ScrollContainer.SCROLL_MODE_DISABLED
	made.follow_focus = true
	made.add_child(beside_bar)
	return made


static func _add_variations(to: Theme, size: int) -> void:
	var labels := {
		"SentioTitle": [size + 10, TEXT, font(0.7)],
		"SentioHeading": [size + 2, TEXT, font(0.5)],
		"SentioMuted": [size, MUTED, font()],
		"SentioGood": [size, TEAL, font(0.3)],
		"SentioProblem": [size, CORAL, font()],
	}
	for name: String in labels:
		to.set_type_variation(name, "Label")
		var points: int = labels[name][0]
		var tone: Color = labels[name][1]
		var letters: Font = labels[name][2]
		to.set_font_size("font_size", name, points)
		to.set_color("font_color", name, tone)
		to.set_font("font", name, letters)
	to.set_type_variation("SentioScreen", "PanelContainer")
	to.set_stylebox("panel", "SentioScreen", box(GROUND, 16, 26.0))
	to.set_type_variation("SentioCard", "PanelContainer")
	to.set_stylebox("panel", "SentioCard", box(RAISED, 10, 14.0))
	to.set_type_variation("SentioPrimary", "Button")
	for state: String in ["normal", "hover", "pressed"]:
		var fill := TEAL if state == "normal" else TEAL.lightened(0.25)
		to.set_stylebox(state, "SentioPrimary", box(fill, 8, 9.0))
	var focus := box(Color.TRANSPARENT, 10, 9.0)
	focus.set_border_width_all(2)
	focus.set_expand_margin_all(4.0)
	focus.border_color = TEXT
	to.set_stylebox("focus", "SentioPrimary", focus)
	for state: String in ["font_color", "font_hover_color", "font_pressed_color"]:
		to.set_color(state, "SentioPrimary", GROUND)


static func _add_switch(to: Theme) -> void:
	for state: String in ["checked", "checked_disabled"]:
		to.set_icon(state, "CheckButton", _switch(true, 1.0 if state == "checked" else 0.4))
	for state: String in ["unchecked", "unchecked_disabled"]:
		to.set_icon(state, "CheckButton", _switch(false, 1.0 if state == "unchecked" else 0.4))


# A switch shows its state by position and fill, not by colour alone.
static func _switch(on: bool, alpha: float) -> Texture2D:
	var picture := Image.create_empty(40, 22, false, Image.FORMAT_RGBA8)
	var knob := Vector2(29.0 if on else 11.0, 11.0)
	for y in 22:
		for x in 40:
			var at := Vector2(x + 0.5, y + 0.5)
			var edge := at.distance_to(Vector2(clampf(at.x, 11.0, 29.0), 11.0))
			var rail := Color(TEAL if on else LINE, clampf(11.0 - edge, 0.0, 1.0))
			var inside := clampf(7.5 - at.distance_to(knob), 0.0, 1.0)
			var tone := rail.lerp(Color(GROUND if on else MUTED, rail.a), inside)
			picture.set_pixel(x, y, Color(tone, tone.a * alpha))
	return ImageTexture.create_from_image(picture)
