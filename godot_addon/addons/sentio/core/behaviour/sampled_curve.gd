class_name SentioSampledCurve
extends SentioResponseCurve
## A response curve that samples a [Curve], held beyond its ends.

var _drawn: Curve


## Samples [param drawn] over its own domain.
func _init(drawn: Curve) -> void:
	_drawn = drawn


## The response to [param at].
func step(at: float) -> float:
	if is_nan(at):
		return NAN
	return _drawn.sample(clampf(at, _drawn.min_domain, _drawn.max_domain))
