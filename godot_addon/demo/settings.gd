class_name DemoSettings
extends RefCounted
## The player's settings, saved between starts.

## The affect source.
enum Source { SIMULATOR, SIDECAR, RECORDING }

const PATH := "user://demo.cfg"

## The affect source.
var source := Source.SIMULATOR
## A frame file (`sentio export FOLDER --to frames`), for [constant Source.RECORDING].
var recording := ""
## Address of the sidecar, for [constant Source.SIDECAR]; null for the default. Not saved.
var connection: SentioConnection
## Whether a sidecar that the demo starts simulates its sensors. Not saved.
var simulated_sensors := false
## Whether scenes adapt to the player. Every scene works without adaptation.
var adaptation := true
## Softens bursts and blinks more than the rails do.
var reduced_flashing := true
## Whether a line shows what adapts and why.
var explain := true
## Whether the developer overlay is open at start. Players see no raw numbers.
var overlay := false


## Loads the settings; missing ones keep their defaults.
func read() -> void:
	var file := ConfigFile.new()
	if file.load(PATH) != OK:
		return
	source = clampi(file.get_value("demo", "source", source), 0, Source.size() - 1) as Source
	recording = str(file.get_value("demo", "recording", recording))
	adaptation = bool(file.get_value("demo", "adaptation", adaptation))
	reduced_flashing = bool(file.get_value("demo", "reduced_flashing", reduced_flashing))
	explain = bool(file.get_value("demo", "explain", explain))


## Saves the settings.
func write() -> void:
	var file := ConfigFile.new()
	file.set_value("demo", "source", source)
	file.set_value("demo", "recording", recording)
	file.set_value("demo", "adaptation", adaptation)
	file.set_value("demo", "reduced_flashing", reduced_flashing)
	file.set_value("demo", "explain", explain)
	file.save(PATH)
