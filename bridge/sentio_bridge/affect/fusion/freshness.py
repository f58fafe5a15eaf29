"""What of the fusion's evidence still counts at a time, and how much it says; pure."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, sqrt

from sentio_bridge.affect.evidence import MODALITY_LIFE, Evidence
from sentio_bridge.affect.fusion.emotion_pool import EmotionPool, pool
from sentio_bridge.affect.fusion.filter import Filter, Prediction
from sentio_bridge.affect.fusion.measurement import DIMENSIONS
from sentio_bridge.affect.fusion.settings import FusionSettings
from sentio_models import EMOTIONS, MODALITIES

_DERIVED = ("stress", "relaxation")
"""What valence and arousal suggest too (``circumplex``)."""

_LIVES = tuple(MODALITY_LIFE[name] for name in MODALITIES)
_EMOTIONS = (*(f"p_{name}" for name in EMOTIONS), "entropy")


def newest(at: Prediction, now: float) -> list[float]:
    """Return when each dimension was last measured by what still counts; -inf for never."""
    found = [-inf] * len(DIMENSIONS)
    for voice, life in zip(at.voices, _LIVES, strict=True):
        if voice is None or now - voice.last > life:
            continue
        last = voice.last
        for reading in voice.readings:
            if last > found[reading[0]]:
                found[reading[0]] = last
    return found


def opinions(at: Prediction, now: float) -> list[EmotionPool]:
    """Return the emotions of each modality that still count."""
    return [
        voice.opinion
        for voice, life in zip(at.voices, _LIVES, strict=True)
        if voice is not None and voice.opinion is not None and now - voice.opinion.time <= life
    ]


def dimensions(
    at: Prediction, filter_: Filter, values: Mapping[str, float], now: float
) -> dict[str, Evidence]:
    """Return age and confidence of each fused dimension that ``values`` holds.

    Args:
        at: What is known.
        filter_: Knows the prior.
        values: Means and deviations by entry.
        now: Not before ``at``.
    """
    found: dict[str, Evidence] = {}
    for index, time in enumerate(newest(at, now)):
        name = DIMENSIONS[index]
        if name in values and time > -inf:
            ratio = filter_.believe(at, index, now).variance / filter_.dimensions[index].variance
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
    counted = opinions(at, now)
    if not counted:
        return {}
    _, say = pool(counted, now, settings.emotion_age)
    age = max(0.0, now - max(opinion.time for opinion in counted))
    return dict.fromkeys(_EMOTIONS, Evidence(age, say))
