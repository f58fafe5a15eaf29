"""Reads skin conductance: its level, and the responses that ride on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sentio_models.modalities.body.peaks import find_peaks
from sentio_models.modalities.body.signals import Floats, grid, middle, moving_mean
from sentio_models.window import Signal

RATE_HZ = 8.0
"""Skin conductance has nothing above 1 Hz (Boucsein 2012)."""

LEAST_RESPONSE = 0.03
"""Microsiemens from foot to peak that count as a response (Boucsein et al. 2012: 0.01 to 0.05;
wrist sensors are noisy)."""

DRY = 0.05
"""Microsiemens below which no skin is touched."""

WETTEST = 100.0
"""Microsiemens above which electrodes are shorted."""

LEAST_SECONDS = 5.0

COUNTABLE = 1.4
"""Noise, in parts of what a good sensor has, above which responses drown in it."""

LEVELLED = 0.28
"""What the median of 10 s leaves of that noise: 1.25 by the root of some twenty samples."""


@dataclass(frozen=True, slots=True)
class Skin:
    """Skin conductance over the window.

    Attributes:
        level: Median of the newest 10 s, microsiemens.
        slope: Relative change of the level, parts a minute.
        responses: Responses a minute.
        amplitude: Sum of the responses' amplitudes a minute, microsiemens.
        seconds: How long the window was.
        quality: 0..1; at most a half where only the level is known.
        reasons: ``not_worn``, ``shorted``, ``flat``, ``noisy``, ``gap``.
        countable: Whether noise leaves responses to be counted; the level bears more.
    """

    level: float
    slope: float
    responses: float
    amplitude: float
    seconds: float
    quality: float
    reasons: tuple[str, ...]
    countable: bool = True


def conductance(signal: Signal, seconds: float = 60.0) -> Skin | None:
    """Measure level and responses (trough to peak); None if the signal is short."""
    even = grid(signal, RATE_HZ, seconds)
    if even is None or even.seconds < LEAST_SECONDS:
        return None
    smooth = moving_mean(even.values, round(1.0 * RATE_HZ))
    recent = even.values[-round(10 * RATE_HZ) :]
    level = middle(recent)
    if not DRY < level < WETTEST:
        reason = "not_worn" if level <= DRY else "shorted"
        return Skin(max(level, 0.0), 0.0, 0.0, 0.0, even.seconds, 0.0, (reason,))
    # Converters with coarse steps repeat values without being stuck: only long holds are flat.
    if float(np.ptp(even.values)) == 0.0:
        return Skin(level, 0.0, 0.0, 0.0, even.seconds, 0.0, ("flat",))
    minutes = even.seconds / 60
    rough = float(np.sqrt(np.mean((recent - smooth[-len(recent) :]) ** 2)))
    noisy = rough / (0.02 + 0.02 * level)
    gaps = float(even.measured.mean())
    steady = 0.5 * min(max(1.5 - LEVELLED * noisy, 0.0), 1.0)
    quality = gaps * max(min(1.5 - noisy, 1.0), steady)
    reasons = (("noisy",) if noisy > 1 else ()) + (("gap",) if gaps < 0.9 else ())
    amplitudes = _responses(smooth)
    third = max(1, len(smooth) // 3)
    before, after = middle(smooth[:third]), middle(smooth[-third:])
    slope = (after - before) / max(level, 0.1) / max(minutes * 2 / 3, 0.05)
    return Skin(
        level,
        float(np.clip(slope, -10, 10)),
        len(amplitudes) / minutes,
        float(sum(amplitudes)) / minutes,
        even.seconds,
        quality,
        reasons,
        noisy <= COUNTABLE,
    )


def _responses(smooth: Floats) -> list[float]:
    """Return the amplitude of each rise that a sweat burst can make: 0.5 to 5 s long."""
    peaks = find_peaks(smooth, distance=round(1.0 * RATE_HZ))
    found: list[float] = []
    start = 0
    for peak in peaks.tolist():
        first = max(start, peak - round(5 * RATE_HZ))
        foot = first + int(np.argmin(smooth[first : peak + 1]))
        rise = float(smooth[peak] - smooth[foot])
        if rise >= LEAST_RESPONSE and peak - foot >= 0.5 * RATE_HZ:
            found.append(rise)
        start = peak
    return found
