"""Estimate of one modality, with its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

import msgspec

AFFECT = ("valence", "arousal", "dominance")
"""The three affect dimensions, each -1..1 (Mehrabian & Russell 1974)."""

INDICES = ("stress", "engagement", "relaxation", "focus")
"""Derived indices, each 0..1."""

PHYSIOLOGY = ("heart_rate", "rmssd", "breathing_rate", "scl", "scr_rate")
"""Measured physiological values: beats/min, ms, breaths/min, microsiemens, responses/min."""

READINGS = AFFECT + INDICES + PHYSIOLOGY
"""Every name that ``Estimate.readings`` may contain."""

EMOTIONS = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
)
"""The eight expression classes of FER+ (Barsoum et al. 2016), in its order."""

MODALITIES = ("face", "voice", "body", "eeg", "text", "headset", "game", "self")
"""All modalities: camera face, microphone, body sensors, EEG, chat text, head-mounted display,
game events, and self-report."""

LARGEST = 1e30
"""Size from which a number is not a measurement: frames have 32-bit floats, also for sums."""


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A value with its error variance.

    Attributes:
        mean: In the unit and range of its name.
        variance: Calibrated error variance, in the unit squared, above 0.
    """

    mean: float
    variance: float


class Estimate(msgspec.Struct, frozen=True):
    """Estimate of one modality for one window.

    Attributes:
        modality: One of ``MODALITIES``.
        readings: By name from ``READINGS``; unknown ones are omitted, never 0.
        emotions: Probabilities over ``EMOTIONS`` that sum to 1, or None.
        quality: 0 (unusable) .. 1 (clean). Below ``0.1`` the estimate is not fused.
        reasons: Short codes that explain a low quality or a missing reading, for example
            ``no_face``, ``turned_away``, ``flat``, ``motion``, ``silence``, ``warming``.
        features: Named numbers for baselines, personal models and explanations, before any
            normalisation to the person (for example ``heart_rate``, ``scl``, ``alpha``,
            ``loudness_db``).
        action_units: Strength of facial movements, 0..1, by FACS name (``AU4``); empty where no
            face is seen. They are shown, and used for no estimate.
    """

    modality: str
    readings: Mapping[str, Reading] = {}
    emotions: Mapping[str, float] | None = None
    quality: float = 0.0
    reasons: tuple[str, ...] = ()
    features: Mapping[str, float] = {}
    action_units: Mapping[str, float] = {}

    def finite(self) -> bool:
        """Return whether every number is finite and every variance positive.

        Means and variances from ``LARGEST`` on count as not finite.
        """
        for reading in self.readings.values():
            if not (-LARGEST < reading.mean < LARGEST and 0 < reading.variance < LARGEST):
                return False
        return (
            isfinite(self.quality)
            and (self.emotions is None or all(map(isfinite, self.emotions.values())))
            and all(map(isfinite, self.features.values()))
            and all(map(isfinite, self.action_units.values()))
        )
