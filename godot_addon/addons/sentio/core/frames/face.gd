class_name SentioFace
extends RefCounted
## Reads the action units of a detail (PROTOCOL.md, section 5). They name movements of the face, not
## feelings, and are not ratings of a FACS coder.

## Movements of the face with their FACS names; the value is the number of the action unit.
enum ActionUnit {
	## AU1.
	INNER_BROW_RAISER = 1,
	## AU2.
	OUTER_BROW_RAISER = 2,
	## AU4.
	BROW_LOWERER = 4,
	## AU5.
	UPPER_LID_RAISER = 5,
	## AU6.
	CHEEK_RAISER = 6,
	## AU7.
	LID_TIGHTENER = 7,
	## AU9.
	NOSE_WRINKLER = 9,
	## AU10.
	UPPER_LIP_RAISER = 10,
	## AU12.
	LIP_CORNER_PULLER = 12,
	## AU14.
	DIMPLER = 14,
	## AU15.
	LIP_CORNER_DEPRESSOR = 15,
	## AU16.
	LOWER_LIP_DEPRESSOR = 16,
	## AU17.
	CHIN_RAISER = 17,
	## AU18.
	LIP_PUCKER = 18,
	## AU20.
	LIP_STRETCHER = 20,
	## AU22.
	LIP_FUNNELER = 22,
	## AU24.
	LIP_PRESSOR = 24,
	## AU26.
	JAW_DROP = 26,
	## AU28.
	LIP_SUCK = 28,
	## AU29.
	JAW_THRUST = 29,
	## AU34.
	CHEEK_PUFF = 34,
	## AU45.
	BLINK = 45,
}


## Strength of a movement in the last second, 0..1; NAN where it is not known: no face, an older
## sidecar, or a tracker that cannot show it (a camera shows no AU6, AU9, AU29 and AU34).
static func action_unit(detail: Dictionary, unit: ActionUnit) -> float:
	var units: Variant = detail.get("action_units")
	if not units is Dictionary:
		return NAN
	var strengths: Dictionary = units
	return SentioResponse._number(strengths.get("AU%d" % unit), NAN)


## All known movements of [param detail], by [enum ActionUnit], with their strengths; empty
## without a face.
static func action_units(detail: Dictionary) -> Dictionary:
	var known := {}
	for unit: ActionUnit in ActionUnit.values():
		var strength := action_unit(detail, unit)
		if not is_nan(strength):
			known[unit] = strength
	return known
