"""Pulses and ECGs of known beats, in several shapes, with breathing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Waves = tuple[tuple[float, float, float], ...]
"""Gaussians of one beat: centre (s after the beat), width (s), height."""

PULSES: Mapping[str, Waves] = {
    "round": ((0.0, 0.070, 1.0),),
    "notched": ((0.0, 0.055, 1.0), (0.28, 0.080, 0.35)),
    "double": ((0.0, 0.055, 1.0), (0.27, 0.075, 0.80)),
}
"""A wave without a notch, a young one, and one whose second summit is nearly as high."""

COMPLEXES: Mapping[str, Waves] = {
    "upright": (
        (-0.16, 0.025, 0.12),
        (-0.03, 0.010, -0.15),
        (0.0, 0.011, 1.0),
        (0.03, 0.012, -0.2),
        (0.27, 0.050, 0.3),
    ),
    "inverted": (
        (-0.16, 0.025, -0.1),
        (0.0, 0.012, -1.0),
        (0.035, 0.012, 0.25),
        (0.27, 0.050, -0.25),
    ),
    "tall T": (
        (-0.16, 0.025, 0.12),
        (-0.03, 0.010, -0.15),
        (0.0, 0.011, 1.0),
        (0.03, 0.012, -0.2),
        (0.28, 0.050, 0.9),
    ),
}

WIDE: Waves = ((0.0, 0.040, 1.3), (0.28, 0.060, -0.4))
"""A ventricular extrasystole."""


def steady(
    bpm: float,
    seconds: float,
    *,
    breaths: float = 15.0,
    swing: float = 0.0,
    jitter: float = 0.0,
    seed: int = 0,
) -> Floats:
    """Return the times of beats from 0 to past ``seconds``.

    Args:
        bpm: Beats a minute.
        seconds: How long.
        breaths: Breaths a minute.
        swing: Amplitude of respiratory sinus arrhythmia, parts of an interval.
        jitter: Standard deviation of each interval, seconds.
        seed: Of the jitter.
    """
    rng = np.random.default_rng(seed)
    times = [0.3]
    while times[-1] < seconds + 2:
        breath = np.sin(2 * np.pi * breaths / 60 * times[-1])
        interval = 60 / bpm * (1 + swing * breath) + jitter * rng.standard_normal()
        times.append(times[-1] + max(float(interval), 0.25))
    return np.array(times)


def wave(
    beats: Floats,
    waves: Waves,
    rate_hz: float,
    seconds: float,
    *,
    sizes: Floats | None = None,
    wide: Mapping[int, Waves] | None = None,
) -> Floats:
    """Return the sum of all beats' Gaussians, limited by the period.

    Args:
        beats: Times, seconds.
        waves: Of each beat.
        rate_hz: Samples a second.
        seconds: How long.
        sizes: Factor of each beat; 1 if None.
        wide: Beats by number that look different.
    """
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    values = np.zeros(len(t))
    periods = np.diff(beats, append=2 * beats[-1] - beats[-2])
    for number, (beat, period) in enumerate(zip(beats.tolist(), periods.tolist(), strict=True)):
        squeeze = min(1.0, (period / 0.8) ** 0.5)
        for centre, width, height in (wide or {}).get(number, waves):
            at, wide_by = beat + centre * squeeze, width
            first, last = np.searchsorted(t, (at - 5 * wide_by, at + 5 * wide_by))
            near = t[first:last] - at
            size = height if sizes is None else height * sizes[number]
            values[first:last] += size * np.exp(-0.5 * (near / wide_by) ** 2)
    return values
