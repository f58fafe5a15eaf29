class_name SentioEntryConfidence
extends RefCounted
## How far an entry may be relied on: its own confidence or, where none was sent, the next best.

## Smallest trust at which nodes use an entry by default: a correlation with the truth of .2. It
## lets a single sensor act; raise a node's threshold for what must not be wrong.
const LEAST := 0.02


## 0..1, from the entry's [param own] confidence, the one of the entry that it is derived from
## ([param base]) and the frame's [param overall] one; each NAN if unknown. An entry that is
## [param measured] is relied on where only its value was sent.
static func of(own: float, base: float, measured: bool, overall: float) -> float:
	for given: float in [own, base, 1.0 if measured else overall]:
		if is_finite(given):
			return clampf(given, 0.0, 1.0)
	return 0.0


## Weight of an estimate that is relied on by [param trust], 0..1: its correlation with the truth,
## if trust is how much narrower the estimate is than without evidence.
static func weight(trust: float) -> float:
	var wide := 1.0 - clampf(trust, 0.0, 1.0)
	return sqrt(1.0 - wide * wide)
