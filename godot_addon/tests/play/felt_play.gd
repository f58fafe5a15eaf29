class_name SentioFeltPlay
extends RefCounted
## Plays a demo twice side by side, with adaptation and without, and compares what both demand with
## the arousal that the simulated person really had.
##
## The two are separate games: their pacing, foes and timers drift apart, as in two plays.

## Smallest difference that counts, in how many of the samples, and the smallest correlation.
const DIFFERENCE := 0.05
const SHARE := 0.5
const FOLLOWS := 0.5
## Name of the node of the hero, and the health that keeps a play going.
const HERO := "Hero"

## What the game demanded, with and without adaptation, and the person's true arousal.
var given := PackedFloat64Array()
var usual := PackedFloat64Array()
var truth := PackedFloat64Array()

var _games: Array[SentioStagePlay] = []


## Opens [param stage] twice, from a scenario of the simulator, a [param recording], or the sidecar
## at [param connection].
func _init(
	test: SentioTestCase,
	stage: String,
	scenario := "sliders",
	recording := "",
	connection: SentioConnection = null
) -> void:
	for adaptation: bool in [true, false]:
		var game := SentioStagePlay.new(test, stage, scenario, adaptation, recording, connection)
		var person := game.session.feed as SentioSimulator
		if person:
			person.reactions = {}
		_games.append(game)


## The play with adaptation.
func adapting() -> SentioStagePlay:
	return _games[0]


## The simulated people of both plays.
func people() -> Array[SentioSimulator]:
	var found: Array[SentioSimulator] = []
	for game in _games:
		found.append(game.session.feed as SentioSimulator)
	return found


## Plays one step of both; [param arousal] is the truth at it, or NAN where it is not known.
func step(arousal: float) -> void:
	for game in _games:
		await game.play(SentioStagePlay.STEP)
		_keep_going(game.stage)
	if is_nan(arousal):
		return
	given.append(_games[0].stage.call("demand"))
	usual.append(_games[1].stage.call("demand"))
	truth.append(arousal)


## Share of the samples in which adaptation made a difference.
func share() -> float:
	var count := 0
	for index in given.size():
		count += int(absf(given[index] - usual[index]) >= DIFFERENCE)
	return float(count) / maxf(given.size(), 1.0)


## Correlation of the demand with the true arousal.
func follows() -> float:
	return DemoCourse.correlation(given, truth)


## Checks both; [param sign_of] is 1 if the demo rises with arousal and -1 if it falls.
func check(test: SentioTestCase, what: String, sign_of: float) -> void:
	var line := "%s: share %.2f, r %.2f" % [what, share(), follows()]
	print(line)
	test.check(share() >= SHARE, line + ": adaptation makes a difference")
	test.check(sign_of * follows() > FOLLOWS, line + ": it follows the person")


# A play that is lost or won begins again, and the hero does not fall.
func _keep_going(stage: DemoStage) -> void:
	var hero := stage.get_node_or_null("%" + HERO) as ArenaHero
	if hero:
		hero.health = ArenaHero.MOST_HEALTH
	if stage.get("_over") == true:
		stage.call("_begin")
