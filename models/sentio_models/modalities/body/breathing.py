"""Breathing rate of a minute of belt or pulse, as the body head reads it.

What is published comes from ``breath_tracker``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sentio_models.modalities.body.heart import Heart
from sentio_models.modalities.body.signals import Floats, band_pass, grid
from sentio_models.window import Signal

RATE_HZ = 4.0
SLOWEST, FASTEST = 5.0, 36.0
"""Breaths a minute that are looked for, of adults awake; slow-breathing exercises go to 5."""

LEAST_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Breathing:
    """Breathing over the window.

    Attributes:
        rate: Breaths a minute.
        sd: Standard deviation of its error, breaths a minute.
        quality: 0..1.
        reasons: ``flat``, ``irregular``, ``gap``.
    """

    rate: float
    sd: float
    quality: float
    reasons: tuple[str, ...] = ()


def belt(signal: Signal, seconds: float = 40.0) -> Breathing | None:
    """Read a respiration belt or thermistor; None while there is too little signal."""
    even = grid(signal, RATE_HZ, seconds)
    if even is None or even.seconds < LEAST_SECONDS:
        return None
    if float(np.ptp(even.values)) <= 1e-9 * max(1.0, float(np.abs(even.values).max())):
        return Breathing(15.0, 10.0, 0.0, ("flat",))
    rate, strength = _dominant(band_pass(even.values, RATE_HZ, SLOWEST / 60, FASTEST / 60))
    quality = even.sound * float(np.clip((strength - 0.15) / 0.5, 0, 1))
    return Breathing(
        rate, 1.0 + 6 * (1 - quality), quality, ("irregular",) if quality < 0.3 else ()
    )


def from_pulse(heart: Heart) -> Breathing | None:
    """Derive breathing from beat intervals (respiratory sinus arrhythmia).

    Weaker than a belt: given only where one rhythm is clear. None otherwise.
    """
    ends, intervals = heart.interval_ends, heart.intervals
    if len(intervals) < 15 or ends[-1] - ends[0] < 0.75 * 40:
        return None
    at = np.arange(ends[0], ends[-1], 1 / RATE_HZ)
    # Sinus arrhythmia cannot be seen above half the heart rate (Nyquist).
    highest = min(FASTEST, 0.45 * 60 / float(intervals.mean()))
    even = np.interp(at, ends, intervals)
    rate, strength = _dominant(band_pass(even, RATE_HZ, 8.0 / 60, highest / 60))
    quality = heart.quality * float(np.clip((strength - 0.3) / 0.5, 0, 1))
    return Breathing(rate, 2.5 + 6 * (1 - quality), quality) if quality > 0.2 else None


def _dominant(wave: Floats) -> tuple[float, float]:
    """Return the rate of the strongest rhythm, a minute, and its share of the power."""
    faded = wave * np.hanning(len(wave))
    size = 1024
    power = np.abs(np.fft.rfft(faded, size)) ** 2
    rates = np.fft.rfftfreq(size, 1 / RATE_HZ) * 60
    power[(rates < SLOWEST * 0.9) | (rates > FASTEST * 1.1)] = 0
    top = int(np.argmax(power))
    near = np.abs(rates - rates[top]) < 3.0
    total = float(power.sum())
    if total <= 0:
        return 15.0, 0.0
    return float((rates[near] * power[near]).sum() / power[near].sum()), float(
        power[near].sum() / total
    )
