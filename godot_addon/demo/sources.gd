class_name DemoSources
extends RefCounted
## Makes the feed that the player chose.


## A feed for [param settings], not yet in the tree.
static func make(settings: DemoSettings) -> SentioFeed:
	if settings.source == DemoSettings.Source.SIDECAR:
		return SentioClient.new()
	var simulator := SentioSimulator.new()
	simulator.scenario = "joy"
	return simulator
