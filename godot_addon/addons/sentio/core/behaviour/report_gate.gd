class_name SentioReportGate
extends RefCounted
## Decides when a change is reported: at most once in [member gap] seconds for each target.
##
## Steps in between are not lost: the next report has the newest value.

## Smallest change of the given value that is reported.
var step := 0.02
## Shortest time between two reports, seconds; ten a second at most.
var gap := 0.1

var _value := NAN
var _cause := ""
var _since := INF


## Whether [param dt] seconds later a report is permitted: one call in frames without a report.
func is_open(dt: float) -> bool:
	_since += dt if dt > 0.0 and dt < SentioElapsed.LONGEST else SentioElapsed.of(dt)
	return _since >= gap and _since >= 0.1


## Whether to report [param value], [param dt] seconds after the last call, where [param cause] is a
## short word for its cause.
func due(dt: float, value: float, cause: String) -> bool:
	_since += SentioElapsed.of(dt)
	if _since < maxf(gap, 0.1) or not is_finite(value):
		return false
	if cause == _cause and absf(value - _value) < step:
		return false
	_value = value
	_cause = cause
	_since = 0.0
	return true
