@tool
class_name SentioSimulatedFace
extends RefCounted
## Action units of a simulated person, as the sidecar's simulator moves its face (PROTOCOL.md,
## section 5).
##
## Pleasant moments smile with cheeks and eyes (AU6 and AU12), unpleasant ones lower the brows and
## the lip corners (AU4 and AU15), arousal widens the eyes (AU5), stress raises the inner brows and
## presses the lips, after Ekman and Friesen's FACS (1978).

## Least quality of a face whose movements are sent, as in the sidecar.
const LEAST_QUALITY := 0.3
## Seconds from one blink to the next.
const BLINK_EVERY := 3.7
## Seconds from the begin of a blink to its end.
const BLINK_LASTS := 0.3
## Syllables a second of a speaking person.
const SYLLABLES := 3.1
## Units that a simulated person never moves; a tracker reports them at 0.
const UNMOVED: Array[String] = ["AU17", "AU18", "AU22", "AU28", "AU29", "AU34"]


## Strength of each movement now, 0..1, by FACS name; empty without a face in view.
static func units(person: SentioSimulatedPerson, reading: SentioSimulatedReading) -> Dictionary:
	if reading.quality.get("face", 0.0) < LEAST_QUALITY or not reading.sensors.measures("face"):
		return {}
	var pleasant := clampf(person.value("valence"), 0.0, 1.0)
	var unpleasant := clampf(-person.value("valence"), 0.0, 1.0)
	var aroused := clampf(person.value("arousal"), 0.0, 1.0)
	var strained := person.value("stress")
	var jaw := _jaw(person, reading)
	var all := {
		"AU1": 0.05 + 0.3 * strained,
		"AU2": 0.2 * aroused,
		"AU4": 0.6 * unpleasant,
		"AU5": 0.25 * aroused,
		"AU6": 0.65 * pleasant,
		"AU7": 0.2 + 0.4 * pleasant,
		"AU9": 0.15 * unpleasant,
		"AU10": 0.1 * pleasant + 0.2 * jaw,
		"AU12": pleasant,
		"AU14": 0.2 * pleasant,
		"AU15": 0.45 * unpleasant,
		"AU16": 0.5 * jaw,
		"AU20": 0.15 * strained,
		"AU24": 0.35 * strained,
		"AU26": jaw,
		"AU45": _blink(person.time()),
	}
	for unit in UNMOVED:
		all[unit] = 0.0
	return all


static func _jaw(person: SentioSimulatedPerson, reading: SentioSimulatedReading) -> float:
	if reading.quality.get("voice", 0.0) <= 0.0 or not reading.sensors.measures("voice"):
		return 0.02
	return 0.15 + 0.13 * sin(TAU * SYLLABLES * person.time())


static func _blink(time: float) -> float:
	var since := fmod(time, BLINK_EVERY)
	return 0.06 + (0.84 * sin(PI * since / BLINK_LASTS) if since < BLINK_LASTS else 0.0)
