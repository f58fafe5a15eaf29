"""Which of the fusion's evidence still counts at a time, and how much; pure."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, sqrt

from sentio_bridge.affect.evidence import MODALITY_LIFE, Evidence
from sentio_bridge.affect.fusion.emotion_pool import EmotionPool, pool
from sentio_bridge.affect.fusion.filter import Filter, Prediction
from sentio_bridge.affect.fusion.measurement import DIMENSIONS
from sentio_bridge.affect.fusion.settings import FusionSettings
from sentio_bridge.affect.fusion.shared_errors import published
from sentio_models import EMOTIONS, MODALITIES

_DERIVED = ("stress", "relaxation")
"""Dimensions that valence and arousal suggest too (``circumplex``)."""

_LIVES = tuple(MODALITY_LIFE[name] for name in MODALITIES)
_EMOTIONS = (*(f"p_{name}" for name in EMOTIONS), "entropy")


def newest(at: Prediction, now: float) -> list[float]:
    """Return when each dimension was last measured, if that counts; -inf for never."""
    found = [-inf] * len(DIMENSIONS)
    for one, life in zip(at.measurements, _LIVES, strict=True):
        if one is None or now - one.last > life:
            continue
        last = one.last
        for reading in one.readings:
            if last > found[reading[0]]:
                found[reading[0]] = last
    return found


def pools(at: Prediction, now: float) -> list[EmotionPool]:
    """Return the emotions of each modality that still count."""
    return [
        one.emotions
        for one, life in zip(at.measurements, _LIVES, strict=True)
        if one is not None and one.emotions is not None and now - one.emotions.time <= life
    ]


def dimensions(
    at: Prediction, filter_: Filter, values: Mapping[str, float], now: float
) -> dict[str, Evidence]:
    """Return age and confidence of each fused dimension that ``values`` holds.

    Args:
        at: State of the filter.
        filter_: Gives the prior.
        values: Means and deviations by entry.
        now: Not before ``at``.
    """
    found: dict[str, Evidence] = {}
    for index, time in enumerate(newest(at, now)):
        name = DIMENSIONS[index]
        if name in values and time > -inf:
            ratio = published(filter_, at, index, now).variance / filter_.dimensions[index].variance
            narrower = min(1.0, max(0.0, 1.0 - sqrt(max(0.0, ratio))))
            found[name] = Evidence(max(0.0, now - time), narrower)
    for name in _DERIVED:
        if name in values and "arousal" in found:
            both = [found[part] for part in ("valence", "arousal") if part in found]
            suggested = Evidence(
                min(part.age for part in both), sum(part.confidence for part in both) / 2.0
            )
            own = found.get(name, suggested)
            found[name] = Evidence(
                min(own.age, suggested.age), max(own.confidence, suggested.confidence)
            )
    return found


def emotions(at: Prediction, settings: FusionSettings, now: float) -> dict[str, Evidence]:
    """Return age and confidence of the emotions' probabilities and their entropy."""
    counted = pools(at, now)
    if not counted:
        return {}
    _, share = pool(counted, now, settings.emotion_age)
    age = max(0.0, now - max(one.time for one in counted))
    return dict.fromkeys(_EMOTIONS, Evidence(age, share))
