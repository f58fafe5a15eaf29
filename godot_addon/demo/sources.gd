class_name DemoSources
extends RefCounted
## Creates the selected feed.

## The repository's example recordings, relative to the project.
const EXAMPLES := "../examples/recordings"


## A feed for [param settings], not yet in the tree.
static func make(settings: DemoSettings) -> SentioFeed:
	match settings.source:
		DemoSettings.Source.SIDECAR:
			var client := SentioClient.new()
			client.connection = settings.connection
			client.add_child(_launcher(client, settings))
			return client
		DemoSettings.Source.RECORDING:
			var player := SentioPlayer.new()
			player.loop = true
			player.file = settings.recording
			return player
	var simulator := SentioSimulator.new()
	simulator.scenario = "joy"
	return simulator


# Uses a running sidecar, or starts the one that the game brings.
static func _launcher(client: SentioClient, settings: DemoSettings) -> SentioLauncher:
	var launcher := SentioLauncher.new()
	launcher.name = "Launcher"
	launcher.client = client
	launcher.demo = settings.simulated_sensors
	launcher.config = SentioSensorFile.USUAL
	return launcher


## Initial folder of the file dialog.
static func examples() -> String:
	var folder := ProjectSettings.globalize_path("res://").path_join(EXAMPLES).simplify_path()
	return folder if DirAccess.dir_exists_absolute(folder) else OS.get_user_data_dir()
