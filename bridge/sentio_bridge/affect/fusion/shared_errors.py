"""Errors that sensors share, which widen the arousal that is published; pure.

All sensors show arousal relative to the person's usual. Where that is wrong, their
errors are alike, but the filter takes those of different modalities for independent. So the
published variance has, for each pair of sensors, the covariance

    2 x ALIKE x share_i share_j sd_i sd_j

of what each makes up of the mean. One sensor alone keeps its variance. The means, and stress and
relaxation, which come from valence and arousal together, stay as the filter gives them.
"""

from __future__ import annotations

from math import sqrt

import msgspec

from sentio_bridge.affect.fusion.filter import Filter, FilterState, Prediction
from sentio_bridge.affect.fusion.measurement import DIMENSIONS
from sentio_models import MODALITIES

ALIKE = 0.15
"""Correlation of two sensors' errors. Of simulated persons of seeds 11 to 14 the likeliest is .1,
and with .2 the 68 % intervals hold .68."""

_AROUSAL = DIMENSIONS.index("arousal")
_SENSES = tuple(i for i, name in enumerate(MODALITIES) if name not in ("text", "game", "self"))


def published(filter_: Filter, at: Prediction, index: int, now: float) -> FilterState:
    """Return a dimension's estimate with the variance that is published.

    Args:
        filter_: Gives mean, variance and shares.
        at: State of the filter.
        index: Of the dimension in ``DIMENSIONS``.
        now: Not before ``at``.
    """
    state = filter_.believe(at, index, now)
    if index != _AROUSAL:
        return state
    total = squares = 0.0
    for modality in _SENSES:
        newest = at.measurements[modality]
        noise = None if newest is None else newest.noise[index]
        if noise is not None:
            part = state.share[modality] * sqrt(noise.usual)
            total += part
            squares += part * part
    variance = state.variance + ALIKE * (total * total - squares)
    most = max(state.variance, filter_.dimensions[index].variance)
    return msgspec.structs.replace(state, variance=min(variance, most))
