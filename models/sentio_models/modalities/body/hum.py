"""Mains hum that a slow converter has folded into the band of an ECG's complexes."""

from __future__ import annotations

import numpy as np

from sentio_models.modalities.body.signals import Floats

FROM = 10.0
"""Hz from which a line is hum: a fast heart's wide complexes have lines below."""

SHARE = 0.5
"""Part of the band's energy in one line, from which it is hum."""

WIDE = 0.3
"""Hz to either side of a line."""

TIMES = 3
"""Lines that are taken out at most: hum, and what its drift leaves."""


def without_hum(values: Floats, rate: float, low: float, high: float) -> Floats:
    """Take a steady sine out that holds over half of the energy of a band.

    Args:
        values: An ECG, shape ``(n,)``.
        rate: Samples a second.
        low: Of the band of the complexes, Hz.
        high: Of the band of the complexes, Hz.
    """
    n = len(values)
    size = 8 << (n - 1).bit_length()
    frequency = np.fft.rfftfreq(size, 1 / rate)
    band = (frequency >= low) & (frequency <= high)
    taper = np.hanning(n)
    for _ in range(TIMES):
        power = np.abs(np.fft.rfft((values - values.mean()) * taper, size)) ** 2
        top = int(np.argmax(np.where(band & (frequency >= FROM), power, 0.0)))
        near = np.abs(frequency - frequency[top]) <= WIDE
        if power[near].sum() <= SHARE * power[band].sum():
            break
        before, here, after = np.log(power[top - 1 : top + 2] + 1e-300)
        bend = before - 2 * here + after
        shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
        turn = 2 * np.pi * (frequency[top] + shift * rate / size) / rate * np.arange(n)
        waves = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        values = values - waves @ np.linalg.lstsq(waves, values - values.mean(), rcond=None)[0]
    return values
