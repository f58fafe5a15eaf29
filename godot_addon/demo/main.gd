extends Node
## The demo: a menu and six stages, one at a time, on one session.

const STAGES := {
	"menu": "res://demo/menu/menu.tscn",
	"arena": "res://demo/arena/arena.tscn",
	"corridor": "res://demo/corridor/corridor.tscn",
	"garden": "res://demo/garden/garden.tscn",
	"ledge": "res://demo/ledge/ledge.tscn",
	"character": "res://demo/character/character.tscn",
	"inspector": "res://demo/inspector/inspector.tscn",
}
## Fade-out between two stages in seconds.
const FADE_SECONDS := 0.35

var _stage: DemoStage

@onready var _session: DemoSession = $Session
@onready var _hud: SentioHud = $Hud
@onready var _veil: ColorRect = $Veil/Rect


func _enter_tree() -> void:
	var session: DemoSession = $Session
	session.settings.read()


func _ready() -> void:
	_hud.visible = _session.settings.overlay
	_session.feed_changed.connect(func(feed: SentioFeed) -> void: _hud.feed = feed)
	_hud.feed = _session.feed
	_show("menu")


## Fades to the stage [param screen].
func go(screen: String) -> void:
	var fade := create_tween()
	fade.tween_property(_veil, "color:a", 1.0, FADE_SECONDS)
	fade.tween_callback(_show.bind(screen))
	fade.tween_property(_veil, "color:a", 0.0, FADE_SECONDS)


func _show(screen: String) -> void:
	if _stage:
		_stage.queue_free()
	_stage = (load(STAGES[screen]) as PackedScene).instantiate()
	_stage.session = _session
	_stage.leave.connect(_on_leave.bind(screen))
	_stage.open.connect(go)
	add_child(_stage)


func _on_leave(screen: String) -> void:
	if screen == "menu":
		get_tree().quit()
	else:
		go("menu")
