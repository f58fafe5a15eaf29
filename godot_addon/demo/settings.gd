class_name DemoSettings
extends RefCounted
## What the player chose in the menu, kept between starts.

## Where the affect comes from.
enum Source { SIMULATOR, SIDECAR, RECORDING }

const PATH := "user://demo.cfg"

## Where the affect comes from.
var source := Source.SIMULATOR
## A frame file (`sentio export FOLDER --to frames`), for [constant Source.RECORDING].
var recording := ""
## Where the sidecar is, for [constant Source.SIDECAR]; null where it usually is. Not kept.
var connection: SentioConnection
## Whether anything answers to the player's state at all. Every scene works without.
var adaptation := true
## Softens bursts and blinks further than the rails already do.
var reduced_flashing := true
## Whether the developer's overlay starts open. Players are shown no raw numbers.
var overlay := false


## Reads what was chosen last time; what is missing keeps its default.
func read() -> void:
	var file := ConfigFile.new()
	if file.load(PATH) != OK:
		return
	source = clampi(file.get_value("demo", "source", source), 0, Source.size() - 1) as Source
	recording = str(file.get_value("demo", "recording", recording))
	adaptation = bool(file.get_value("demo", "adaptation", adaptation))
	reduced_flashing = bool(file.get_value("demo", "reduced_flashing", reduced_flashing))


## Keeps what is chosen now.
func write() -> void:
	var file := ConfigFile.new()
	file.set_value("demo", "source", source)
	file.set_value("demo", "recording", recording)
	file.set_value("demo", "adaptation", adaptation)
	file.set_value("demo", "reduced_flashing", reduced_flashing)
	file.save(PATH)
