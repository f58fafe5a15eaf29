"""Known dimensions of a filter's state as entries; no I/O, no clock."""

from __future__ import annotations

from math import inf, sqrt
from operator import add

from sentio_bridge.affect.fusion import circumplex, freshness
from sentio_bridge.affect.fusion.filter import Filter, Prediction
from sentio_bridge.affect.fusion.measurement import DIMENSIONS, LOW
from sentio_bridge.affect.fusion.settings import FusionSettings
from sentio_bridge.affect.fusion.shared_errors import published
from sentio_models import MODALITIES

_NAMES = tuple((name, f"{name}_sd") for name in DIMENSIONS)
_CORE = (DIMENSIONS.index("valence"), DIMENSIONS.index("arousal"))


def known_dimensions(
    filter_: Filter, settings: FusionSettings, at: Prediction, now: float
) -> tuple[dict[str, float], list[float]]:
    """Return the known dimensions, and each modality's mean share in them.

    Args:
        filter_: Gives means and variances at ``now``.
        settings: Share of evidence from which a dimension is known.
        at: State of the filter.
        now: Not before ``at``.

    Returns:
        Means and deviations by entry with ``confidence``; shares in the order of ``MODALITIES``.
    """
    values: dict[str, float] = {}
    weights = [0.0] * len(MODALITIES)
    newest = freshness.newest(at, now)
    known = 0
    certain = 0.0
    for i, track in enumerate(at.tracks):
        if track is None:
            continue
        state = published(filter_, at, i, now)
        name, deviation_name = _NAMES[i]
        deviation = sqrt(max(state.variance, 1e-9))
        if i in _CORE:
            certain += (1.0 - deviation / settings.affect_sd) / len(_CORE)
        if newest[i] > -inf and sum(state.share) >= settings.known_share:
            values[name] = min(1.0, max(LOW[i], state.mean))
            values[deviation_name] = deviation
            weights = list(map(add, weights, state.share))
            known += 1
    _derive(filter_, at, values, now)
    values["confidence"] = min(1.0, max(0.0, certain))
    return values, [w / known for w in weights] if known else weights


def _derive(filter_: Filter, at: Prediction, values: dict[str, float], now: float) -> None:
    """Put stress and relaxation as valence and arousal suggest them into ``values``."""
    if "arousal" not in values:
        return
    valence, arousal = (filter_.believe(at, i, now) for i in _CORE)
    half = (arousal.mean - valence.mean) / 2.0
    variance = (arousal.variance + valence.variance) / 4.0
    for name, difference in (("stress", half), ("relaxation", -half)):
        measured = None
        if name in values:
            measured = values[name], values[f"{name}_sd"] ** 2
        mean, spread = circumplex.index(difference, variance, measured)
        values[name] = min(1.0, mean)
        values[f"{name}_sd"] = sqrt(spread)
