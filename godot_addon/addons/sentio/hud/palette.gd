@tool
class_name SentioPalette
extends RefCounted
## Colours, type and boxes of Sentio's screens, so that HUD, dock and demo look of one piece.
##
## Text on its ground reaches a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3); colours of states
## never stand alone, a word stands beside them.

const GROUND := Color("0e1219")
const RAISED := Color("1a202b")
const LINE := Color("323b4b")
const TEXT := Color("eef2f8")
const MUTED := Color("a3aec0")
const TEAL := Color("6fe3cb")
const AMBER := Color("ffc56e")
const CORAL := Color("ff8377")
const VIOLET := Color("b39bff")
const BLUE := Color("7cbcff")

## How a modality, a sensor or a frame stands, as a colour.
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


## The engine's own typeface, [param weight] thicker: 0 is regular, 0.7 bold.
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


## A theme for labels and buttons on the dark ground.
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
