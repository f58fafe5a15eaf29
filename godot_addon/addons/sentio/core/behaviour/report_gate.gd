class_name SentioReportGate
extends RefCounted
## Decides when a change is reported: at most once in [member gap] seconds for each target.
##
## Steps in between are not lost: the next report has the newest value.

## Shortest time between two reports, whatever [member gap] is: ten a second.
const SHORTEST := 0.1

## Smallest change of the given value that is reported.
var step := 0.02
## Shortest time between two reports, seconds.
var gap := SHORTEST

var _value := NAN
var _cause := ""
var _since := INF


## Whether to report [param value], [param dt] seconds after the last call, where [param cause] is a
## short word for its cause.
func due(dt: float, value: float, cause: String) -> bool:
	_since += SentioElapsed.of(dt)
	if _since < maxf(gap, SHORTEST) or not is_finite(value):
		return false
	if cause == _cause and absf(value - _value) < step:
		return false
	_value = value
	_cause = cause
	_since = 0.0
	return true
