"""Reads skin temperature: its level, and where it is going."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sentio_models.modalities.body.signals import column, middle
from sentio_models.window import Signal

COLDEST, WARMEST = 24.0, 42.0
"""Degrees Celsius that worn skin has."""


@dataclass(frozen=True, slots=True)
class Temperature:
    """Skin temperature over the window.

    Attributes:
        level: Median of the newest 10 s, degrees Celsius.
        slope: Degrees a minute over the whole window.
        quality: 0 or 1.
        reasons: ``not_worn``.
    """

    level: float
    slope: float
    quality: float
    reasons: tuple[str, ...] = ()


def temperature(signal: Signal) -> Temperature | None:
    """Measure skin temperature; None where there is no sample."""
    values, offsets = column(signal)
    if not len(values):
        return None
    level = middle(values[offsets > offsets[-1] - 10])
    if not COLDEST < level < WARMEST:
        return Temperature(level, 0.0, 0.0, ("not_worn",))
    minutes = (offsets[-1] - offsets[0]) / 60
    slope = 0.0
    if minutes > 0.3:
        third = max(1, len(values) // 3)
        change = float(np.median(values[-third:]) - np.median(values[:third]))
        slope = change / (minutes * 2 / 3)
    return Temperature(level, float(np.clip(slope, -5, 5)), 1.0)
