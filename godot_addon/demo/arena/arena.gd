extends DemoStage
## Emberfield: keep your lantern alight among the shades until daybreak. Number of shades, light and
## music follow one intensity, which [ArenaPacing] derives from the player's affect and performance.

const FIELD := 15.0
## Camera behind and above the hero.
const CAMERA_OFFSET := Vector3(0, 14.5, 10.5)
## Longest step in seconds, so that a stall causes no jump.
const LONGEST_STEP := 0.05
## Foes shot for each healing wisp.
const FOES_PER_WISP := 12
const POINTS_PER_WATCH := 100
## Darkness of the field behind the final text.
const DIM_LOST := 0.5
const DIM_WON := 0.2
## Intensity of the lights while the game is stopped.
const REST := 0.06
## What players read about what adapts.
const WHY: Dictionary[StringName, String] = {&"spawn_demand": "The shades", &"freeze": "The night"}

var _pilot := ArenaPilot.new()
var _night := ArenaNight.new()
var _points := 0
var _best := 0
var _downed := 0
var _over := false
var _shown := 6.0
var _headline := ""
var _shake := 0.0
var _heat := 0.3
var _course := DemoCourse.new()
var _results := DemoResults.new()

@onready var _hero: ArenaHero = %Hero
@onready var _horde: ArenaHorde = %Horde
@onready var _shots: ArenaVolley = %Shots
@onready var _foe_shots: ArenaVolley = %FoeShots
@onready var _bursts: ArenaBursts = %Bursts
@onready var _wisp: Node3D = %Wisp
@onready var _camera: Camera3D = %Camera
@onready var _gauges: ArenaGauges = %Gauges
@onready var _music: DemoMusic = %Music
@onready var _pacing: ArenaPacing = %Pacing
@onready var _light: ArenaLight = %Light


func _ready() -> void:
	need_session()
	if autoplay:
		var automatic := ArenaAutopilot.new()
		automatic.danger = _foe_shots
		automatic.wisp = _wisp
		_pilot = automatic
	_horde.field = FIELD
	_shots.set_up(Color(1.0, 0.72, 0.3), 19.0, 0.85, 0.75)
	_foe_shots.set_up(Color(0.25, 0.85, 1.0), 6.5, 3.0, 0.4)
	_bursts.reduced = session.settings.reduced_flashing
	_hero.shoots.connect(_shots.fire)
	_hero.was_hurt.connect(_on_hurt)
	_horde.foe_shoots.connect(_foe_shots.fire)
	_horde.foe_down.connect(_on_foe_down)
	_horde.foe_scattered.connect(_on_foe_scattered)
	_pacing.outlived.connect(_on_outlived)
	_pacing.peaked.connect(_on_peaked)
	_night.watch_kept.connect(_on_watch_kept)
	_night.dawned.connect(_on_dawned)
	_pacing.set_up(session)
	_light.build(FIELD)
	var screen: Node = $Screen
	screen.add_child(_results)
	explain(screen, WHY, _results, [&"Camera:fov"])
	_begin()


func _process(whole: float) -> void:
	var delta := minf(whole, LONGEST_STEP)
	_pacing.advance(delta, _horde.get_child_count())
	if not _over:
		_play(delta)
	elif Input.is_action_just_pressed("ui_accept"):
		_begin()
	_shots.advance(delta)
	_foe_shots.advance(delta)
	_follow(delta)
	var wanted := REST if _over else _pacing.intensity
	_heat = lerpf(_heat, wanted, 1.0 - exp(-1.2 * delta))
	_night.advance(delta)
	_light.show_mood(_heat, session.mood, _hero.position)
	_light.show_night(_night.light)
	_music.intensity = _heat
	_music.breath = _breath()
	_music.valence = maxf(session.mood.valence, 0.6 if _night.is_over() else -1.0)
	_show_line(delta)


## How much comes at the player now, 0..1.
func demand() -> float:
	return _pacing.intensity


func _play(delta: float) -> void:
	_course.advance(delta, session.feed, _pacing.intensity)
	_pilot.read(_hero, _horde, _camera)
	_hero.advance(delta, _pilot, FIELD)
	_horde.advance(delta, _hero.position, _pacing.intensity, _night.kept)
	_night.play(delta)
	_horde.take_shots(_shots)
	var struck := _foe_shots.take_hit(_hero.position, ArenaHero.RADIUS + 0.1)
	if struck or _horde.touches(_hero.position, ArenaHero.RADIUS):
		_hero.hurt()
	if _wisp.visible and _wisp.position.distance_to(_hero.position) < 1.2:
		_wisp.visible = false
		_hero.heal()
		_course.note("healed", true)
		session.mark(&"pickup")


func _begin() -> void:
	_over = false
	_points = 0
	_downed = 0
	_shown = 5.0
	_headline = ""
	_course.begin()
	_results.visible = false
	_wisp.visible = false
	_night.begin()
	_hero.health = ArenaHero.MOST_HEALTH
	_hero.position = Vector3.ZERO
	_pacing.begin()
	_horde.clear()
	_shots.clear()
	_foe_shots.clear()
	session.mark(&"round_began")


func _on_foe_down(foe: ArenaFoe) -> void:
	_points += foe.kind.points
	_downed += 1
	_bursts.burst(foe.position, foe.kind.tone)
	session.mark(&"enemy_down", {"points": foe.kind.points})
	if foe.kind.way == ArenaKind.Way.LOOM:
		_course.note("the warden falls")
		session.mark(&"boss_down")
		_night.unguard()
	if _downed % FOES_PER_WISP == 0 and not _wisp.visible:
		_wisp.position = foe.position
		_wisp.visible = true


func _on_hurt(left: int) -> void:
	_bursts.burst(_hero.position, Color(1.0, 0.5, 0.25))
	_shake = 0.0 if session.settings.reduced_flashing else 0.3
	_pacing.hero_hurt()
	_course.note("hit", true)
	session.mark(&"player_hurt", {"left": left})
	if left <= 0:
		_end(&"round_ended")


func _on_outlived() -> void:
	if not _over:
		_night.outlive()


func _on_peaked() -> void:
	if _over or _night.kept < ArenaNight.WATCHES - 1:
		return
	_horde.rise_warden(_hero.position)
	_night.guard()
	_headline = "The warden rises"
	_shown = 3.0
	_course.note("the warden")
	session.mark(&"boss_spawned")


func _on_watch_kept(count: int) -> void:
	_course.note("watch %d kept" % count)
	session.mark(&"watch_kept", {"count": count})
	_points += POINTS_PER_WATCH
	if count < ArenaNight.WATCHES:
		_headline = "%s watch kept" % ["First", "Second"][count - 1]
		_shown = 3.0


func _on_dawned() -> void:
	_horde.scatter()
	_foe_shots.clear()
	_end(&"round_won")


func _on_foe_scattered(foe: ArenaFoe) -> void:
	_bursts.burst(foe.position, foe.kind.tone)


func _end(how: StringName) -> void:
	_over = true
	_best = maxi(_best, _points)
	_results.show_course(_course, "Your night", "how much came at you")
	session.mark(how, {"points": _points, "watches": _night.kept})


# The player's breath, where a sensor has it and the player wants adaptation.
func _breath() -> float:
	var frame := SentioFeedFinder.fresh(session.feed) if session.settings.adaptation else null
	return frame.value("breath_phase", NAN) if frame else NAN


func _follow(delta: float) -> void:
	_shake = maxf(_shake - delta, 0.0)
	var wanted := _hero.position * 0.72 + CAMERA_OFFSET
	_camera.position = _camera.position.lerp(wanted, 1.0 - exp(-4.0 * delta))
	_camera.position += Vector3(randf_range(-1, 1), 0, randf_range(-1, 1)) * 0.25 * _shake
	_wisp.rotate_y(1.5 * delta)


func _show_line(delta: float) -> void:
	_shown = maxf(_shown - delta, 0.0)
	_gauges.health = _hero.health
	_gauges.points = _points
	_gauges.best = _best
	_gauges.intensity = _heat
	_gauges.watches = _night.kept
	_gauges.phase = "" if _over else _pacing.phase
	_gauges.warden = _horde.warden.health / _horde.warden.kind.health if _horde.warden else 0.0
	_gauges.dim = DIM_WON if _over and _night.is_over() else DIM_LOST if _over else 0.0
	_gauges.raised = _results.visible
	_gauges.headline = ""
	_gauges.line = ""
	if _over:
		_gauges.headline = "Day breaks" if _night.is_over() else "The ember fades"
		_gauges.line = ArenaGauges.SEPARATOR.join(
			["%d points" % _points, "Enter: once more", "Esc: menu"]
		)
	elif _shown > 0.0 and _headline:
		_gauges.headline = _headline
	elif _shown > 0.0 and not autoplay:
		_gauges.headline = "Keep your ember until dawn"
		_gauges.line = ArenaGauges.SEPARATOR.join(
			["WASD: move", "mouse: aim and shoot", "Shift: dash"]
		)
