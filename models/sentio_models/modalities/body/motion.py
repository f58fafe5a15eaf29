"""Movement of an accelerometer, and the trust that other sensors deserve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sentio_models.modalities.body.signals import column
from sentio_models.window import Signal

CALM, SHAKEN = 0.06, 0.35
"""Root-mean-square acceleration, g, below which a wrist pulse is not disturbed and above which
nothing of it is left."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Movement of the sensor in a window.

    Attributes:
        rms: Acceleration without gravity over the newest seconds, g.
        trust: 0..1, how far an optical pulse can be believed meanwhile.
    """

    rms: float
    trust: float


def motion(signal: Signal, seconds: float = 10.0) -> Motion | None:
    """Measure movement; None where there is less than a second of signal.

    Devices report g, m/s^2 or counts: gravity gives the scale where it is not g.
    """
    axes = [column(signal, axis) for axis in range(signal.values.shape[1])]
    if not axes or min(len(values) for values, _ in axes) < 4:
        return None
    offsets = axes[0][1]
    recent = [values[at > -seconds] for values, at in axes]
    least = min(len(values) for values in recent)
    if least < 4 or offsets[-1] - offsets[0] < 1.0:
        return None
    cut = np.stack([values[-least:] for values in recent])
    gravity = float(np.median(np.sqrt((cut**2).sum(axis=0))))
    scale = 1.0 if 0.5 < gravity < 2.0 or gravity < 1e-9 else 1 / gravity
    rms = float(np.sqrt(((cut - np.median(cut, axis=1, keepdims=True)) ** 2).mean(axis=1).sum()))
    rms *= scale
    return Motion(rms, float(np.clip((SHAKEN - rms) / (SHAKEN - CALM), 0, 1)))
