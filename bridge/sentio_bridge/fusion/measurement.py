"""An estimate as fusion takes it: checked, clipped, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_bridge.fusion.settings import FusionSettings
from sentio_models import AFFECT, EMOTIONS, INDICES, MODALITIES, Estimate

Floats = NDArray[np.float64]

DIMENSIONS = AFFECT + INDICES
"""What the filter tracks, in its order."""

LOW = np.array([-1.0] * len(AFFECT) + [0.0] * len(INDICES))
"""Lower ends of the dimensions' ranges; the upper end is always 1."""

MODALITY_INDEX: Mapping[str, int] = {name: i for i, name in enumerate(MODALITIES)}

_DIMENSION_INDEX: Mapping[str, int] = {name: i for i, name in enumerate(DIMENSIONS)}
_HALF = (1.0 - LOW) / 2.0
_WIDEST = 4.0  # a variance beyond the square of the widest range says nothing more


@dataclass(frozen=True, slots=True)
class Measurement:
    """One estimate, placed in time.

    Attributes:
        time: Capture time, seconds of the LSL clock.
        modality: Index into ``MODALITIES``.
        quality: 0..1.
        seen: 1.0 where a dimension was measured, else 0.0; shape ``(7,)``.
        z: The measured values, 0 where not seen.
        r: Their error variances with quality taken in, 1 where not seen.
        emotions: Probabilities over ``EMOTIONS``, or None.
    """

    time: float
    modality: int
    quality: float
    seen: Floats
    z: Floats
    r: Floats
    emotions: Floats | None

    @property
    def key(self) -> tuple[float, int]:
        """Where it stands in the order of all measurements, whenever it arrives."""
        return (self.time, self.modality)


def measure(
    estimate: Estimate, time: float, settings: FusionSettings, distrust: float = 1.0
) -> tuple[Measurement, tuple[str, ...]]:
    """Turn a finite estimate into a measurement and say what had to be bounded.

    Args:
        estimate: With ``finite()`` true and a modality of ``MODALITIES``.
        time: When it was captured.
        settings: Gives the least deviation.
        distrust: Factor on all variances.

    Returns:
        The measurement, and reason codes such as ``out_of_range``.
    """
    quality = min(1.0, max(0.0, estimate.quality))
    seen = np.zeros(len(DIMENSIONS))
    z = np.zeros(len(DIMENSIONS))
    r = np.ones(len(DIMENSIONS))
    scale = distrust / max(quality, settings.min_quality)
    reasons: tuple[str, ...] = ()
    for name, reading in estimate.readings.items():
        index = _DIMENSION_INDEX.get(name)
        if index is None:
            continue
        low = float(LOW[index])
        value = min(1.0, max(low, reading.mean))
        if value != reading.mean:
            reasons = ("out_of_range",)
        floor = (settings.min_sd * float(_HALF[index])) ** 2
        seen[index] = 1.0
        z[index] = value
        r[index] = min(_WIDEST, max(floor, reading.variance) * scale)
    emotions = None
    if estimate.emotions is not None:
        emotions = _simplex(estimate.emotions)
        if emotions is None:
            reasons += ("bad_emotions",)
    return (
        Measurement(time, MODALITY_INDEX[estimate.modality], quality, seen, z, r, emotions),
        reasons,
    )


def _simplex(named: Mapping[str, float]) -> Floats | None:
    """Return probabilities that sum to 1, or None where nothing positive was given."""
    values = np.array([min(1.0, max(0.0, named.get(name, 0.0))) for name in EMOTIONS])
    total = float(values.sum())
    return values / total if total > 1e-9 else None
