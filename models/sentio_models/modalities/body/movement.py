"""Reads from an accelerometer at which rates movement disturbs an optical pulse."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from sentio_models.modalities.body.heart_evidence import SEGMENT, SPAN, TONE_HZ, Spectrum
from sentio_models.modalities.body.motion import CALM, SHAKEN
from sentio_models.modalities.body.signals import Floats, band_pass, grid, newest
from sentio_models.window import Signal

HALVES = 0.05
"""Amplitude of an acceleration, g, at whose frequency half of the pulse's power is believed."""

SMALL, RIDGE = 0.01, 0.6
"""Size of a swing, g, from which it is looked for in the pulse, and how reluctantly."""

TILT = 1.0
"""Power of the frequency by which a shaken pulse's overtones are lowered."""

NEWEST = 4.0
"""Seconds over which the size of the movement is measured."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Movement of the sensor now.

    Attributes:
        damping: What to multiply the power of the pulse with, at ``Spectrum``'s rates, 0..1.
        shaken: 0 (still) .. 1 (beats cannot be seen one by one).
        swings: The axes without gravity at ``TONE_HZ``, g, ending at the window's end.
    """

    damping: Floats
    shaken: float
    swings: Floats

    def taken_from(self, tone: Floats) -> Floats:
        """Return the newest ``SPAN`` of a pulse without what movement explains of it.

        Each axis and its derivative may be in it, in any proportion that stays for so long.
        """
        n = min(len(tone), self.swings.shape[1], round(SPAN * TONE_HZ))
        near = self.swings[:, -n:]
        parts = np.concatenate([near, np.gradient(near, axis=1)])
        sizes = np.sqrt((parts * parts).mean(axis=1))
        parts = parts[sizes > SMALL] / sizes[sizes > SMALL][:, None]
        latest = tone[-n:]
        if not len(parts):
            return latest
        gram = parts @ parts.T + RIDGE * n * np.eye(len(parts))
        rest: Floats = latest - np.linalg.solve(gram, parts @ latest) @ parts
        return rest


def movement(signal: Signal, spectrum: Spectrum) -> Movement | None:
    """Measure movement at each rate; None where there are less than two seconds of it.

    Devices report g, m/s^2 or counts: gravity gives the scale where it is not g.
    """
    part = newest(signal, SEGMENT + 1.0)
    axes = [grid(part, TONE_HZ, SEGMENT, axis) for axis in range(min(3, part.values.shape[1]))]
    if not axes or any(axis is None or axis.seconds < 2.0 for axis in axes):
        return None
    values = np.stack([axis.values for axis in axes if axis is not None])
    gravity = sqrt(float((values.mean(axis=1) ** 2).sum()))
    scale = 1.0 if 0.5 < gravity < 2.0 or gravity < 1e-9 else 1 / gravity
    power, square = spectrum.power(np.zeros(4)), 0.0
    swings = np.stack([band_pass(row, TONE_HZ, 0.5, 8.0) for row in values * scale])
    for swing in swings:
        power = power + spectrum.power(swing)
        square += float(np.mean(swing[-round(NEWEST * TONE_HZ) :] ** 2))
    shaken = (sqrt(square) - CALM) / (SHAKEN - CALM)
    shaken = min(max(shaken, 0.0), 1.0)
    # The slope of a pulse is rich in overtones; without beats to count they would mislead.
    flatter = (spectrum.rates / 60.0) ** (-TILT * shaken)
    return Movement(flatter / (1 + np.sqrt(power) / HALVES), shaken, swings)
