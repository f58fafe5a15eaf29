extends SceneTree
## Runs one stage for some seconds and takes a screenshot.
##
## `godot --path . --fixed-fps 30 -s demo/tools/tour.gd -- --stage=arena --seconds=8 --shot=a.png`
##
## Further: `--scenario=stress` (of the simulator), `--arousal=0.8` (a person who stays so),
## `--unhurt` (the arena's hero does not lose), `--recording=FILE`, `--sidecar`
## (`--sidecar=28700,28701` with its ports), `--hud`, `--no-adaptation`, `--width=960` (of the
## picture), `--frames=30` (saves the last thirty, as a_00.png to a_29.png), `--every=10` (only
## every tenth step of these; level, demand and foes are printed), `--bare` (without the stage's own
## texts), and with a sidecar on the menu `--personal=sensors`, `consent` or `calibration`. The last
## line of the output has the number of colours in the picture, or `no picture` without a display.

## Seconds that are rendered before the screenshot. Earlier ones are simulated without
## rendering: software GL takes a third of a second for a picture.
const DRAWN_SECONDS := 0.3
const STAGE := "res://demo/%s/%s.tscn"

var _left := 6.0
var _shot := ""
var _options := {}
var _received := 0
var _frames := 0
var _taken := 0
var _every := 1
var _step := 0
var _stage: DemoStage
var _session := DemoSession.new()


func _initialize() -> void:
	for argument in OS.get_cmdline_user_args():
		var parts := argument.trim_prefix("--").split("=", true, 1)
		_options[parts[0]] = parts[1] if parts.size() > 1 else "yes"
	_left = float(_options.get("seconds", "6"))
	_shot = _options.get("shot", "")
	_frames = int(_options.get("frames", "0"))
	_every = maxi(1, int(_options.get("every", "1")))
	seed(1)  # Sparks are the same in each run.
	var session := _session
	session.settings.adaptation = not _options.has("no-adaptation")
	if _options.has("recording"):
		session.settings.source = DemoSettings.Source.RECORDING
		session.settings.recording = _options["recording"]
	elif _options.has("sidecar"):
		session.settings.source = DemoSettings.Source.SIDECAR
		session.settings.connection = _connection(_options["sidecar"])
	session.feed_changed.connect(_count)
	root.add_child(session)
	session.play.call_deferred(_options.get("scenario", "joy"))
	if _options.has("arousal"):
		_hold_arousal.call_deferred(float(_options["arousal"]))
	var name: String = _options.get("stage", "menu")
	var stage: DemoStage = (load(STAGE % [name, name]) as PackedScene).instantiate()
	stage.session = session
	stage.autoplay = true
	_stage = stage
	root.add_child(stage)
	if _options.has("bare"):
		(stage.get_node("Screen") as CanvasLayer).visible = false
	if _options.has("personal"):
		_open_personal.call_deferred(stage)
	if _options.has("hud"):
		_add_hud.call_deferred(session)


func _process(delta: float) -> bool:
	if _options.has("unhurt"):
		_stage.get_node("%Hero").set("health", ArenaHero.MOST_HEALTH)
	_left -= delta
	_step += 1
	# Drawn in the step before one that is saved.
	var drawn := _every == 1 or _step % _every >= _every - 2 or _step % _every == 0
	RenderingServer.render_loop_enabled = _left < DRAWN_SECONDS and drawn
	if _left > 0.0:
		return false
	if _taken < _frames and _step % _every != 0:
		return false
	if _taken < _frames:
		_print_values()
		_keep("%s_%02d.%s" % [_shot.get_basename(), _taken, _shot.get_extension()])
		_taken += 1
		return false
	_photograph()
	return true


# A person who stays as aroused as this, -1..1, with stress to match.
func _hold_arousal(arousal: float) -> void:
	var person := _session.feed as SentioSimulator
	if person:
		person.scenario = "sliders"
		person.arousal = arousal
		person.stress = 0.5 + 0.4 * arousal
		person.reactions = {}


func _print_values() -> void:
	if not _stage.has_method("demand"):
		return
	var frame := _session.feed.latest
	var level := frame.effective_value("arousal_level") if frame else NAN
	var horde := _stage.get_node_or_null("%Horde") as ArenaHorde
	var foes := horde.foes().size() if horde else 0
	var values := [_taken, level, _stage.call("demand"), foes]
	print("picture %d level %.3f demand %.3f foes %d" % values)


func _connection(ports: String) -> SentioConnection:
	var made := SentioConnection.new()
	var both := ports.split(",")
	if both.size() == 2:
		made.state_port = int(both[0])
		made.control_port = int(both[1])
	return made


func _count(feed: SentioFeed) -> void:
	feed.frame.connect(func(_frame: SentioAffectFrame) -> void: _received += 1)


func _open_personal(menu: DemoStage) -> void:
	var client: SentioClient = _session.feed
	if client.hello.is_empty():
		await client.hello_received
	menu.call("show_personal", _options["personal"])
	for screen in menu.find_children("*", "SentioCalibration", true, false):
		(screen as SentioCalibration).start()


func _add_hud(session: DemoSession) -> void:
	var hud: SentioHud = preload("res://addons/sentio/hud/hud.tscn").instantiate()
	hud.feed = session.feed
	root.add_child(hud)


func _photograph() -> void:
	print("received %d frames: %s" % [_received, _session.feed.link_reason])
	var picture := (
		root.get_texture().get_image() if DisplayServer.get_name() != "headless" else null
	)
	if not picture:
		print("no picture")
		return
	if _shot and _frames == 0:
		picture = _keep(_shot)
	var colours := {}
	for y in range(0, picture.get_height(), 8):
		for x in range(0, picture.get_width(), 8):
			colours[picture.get_pixel(x, y).to_rgba32()] = true
	print("colours %d" % colours.size())


# The picture as it is on the screen, in the wanted width, written to [param path].
func _keep(path: String) -> Image:
	var picture := root.get_texture().get_image()
	if not picture:
		return null
	var width := int(_options.get("width", str(picture.get_width())))
	picture.resize(
		width,
		roundi(float(width * picture.get_height()) / picture.get_width()),
		Image.INTERPOLATE_LANCZOS
	)
	picture.save_png(path)
	return picture
