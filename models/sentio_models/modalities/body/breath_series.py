"""Series that breathing moves: belt, beats, pulse ground, accelerometer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from sentio_models.modalities.body.breath_tracker import LONGEST, SERIES_HZ, Series
from sentio_models.modalities.body.heart import Heart
from sentio_models.modalities.body.signals import Floats, grid
from sentio_models.window import Signal

_FINE = 4
"""Samples that are averaged into one of a series."""

_LEAST_SOUND = 0.7
"""Share of a stretch that must have been measured."""

NOISE: Mapping[str, tuple[float, float]] = {"ppg": (0.003, 0.01), "ecg": (0.003, 0.03)}
"""What finding beats adds to intervals, s, and to sizes, parts: no smaller swing is a breath."""

SAMPLE_NOISE, SHAKE_NOISE = 0.1, 0.001
"""The same of an interval in sample periods of the sensor, and of a still accelerometer, g."""

BASE_HZ, BASE = 32.0, 0.75
"""Grid of a heart's wave, and seconds of the running median that takes the beats out of it: means
of a few samples would leave the complexes of an ECG in, aliased to the pace of breathing."""

STILL = 0.05
"""Acceleration, g, from which a breath cannot be seen in it."""


def belt(signal: Signal) -> list[Series]:
    """Read a respiration belt or thermistor."""
    even = _even(signal, 0)
    if even is None or float(np.ptp(even)) <= 1e-9 * max(1.0, float(np.abs(even).max())):
        return []
    return [Series(even, 2.0)]


def chest(signal: Signal) -> list[Series]:
    """Read the axes of an accelerometer, where it lies still."""
    axes = []
    for axis in range(min(3, signal.values.shape[1])):
        even = _even(signal, axis)
        if even is None or float(np.std(even[-round(10 * SERIES_HZ) :])) > STILL:
            return []
        axes.append(Series(even, 2.0, floor=SHAKE_NOISE, group="chest"))
    return axes


def beats(heart: Heart, role: str, rate_hz: float) -> list[Series]:
    """Return the series of the beats: their pace (sinus arrhythmia) and size.

    Nothing is given above half the heart rate, nor where beats are missing.

    Args:
        heart: Of the newest minute.
        role: Of the sensor that saw it.
        rate_hz: Of that sensor.
    """
    ends, intervals = heart.interval_ends, heart.intervals
    if len(intervals) < 12:
        return []
    newest = ends > -30.0
    covered = float(intervals[newest].sum()) / min(30.0, float(-ends[0]) + float(intervals[0]))
    if covered < _LEAST_SOUND or ends[-1] < -3.0:
        return []
    at = np.arange(round(float(ends[0]) * SERIES_HZ), 1) / SERIES_HZ
    at = at[at <= ends[-1]][-round(LONGEST * SERIES_HZ) :]
    pace = 1 / float(intervals.mean())
    apart = max(1, round(SERIES_HZ / pace))
    even = np.interp(at, ends, intervals)
    pace_noise, size_noise = NOISE.get(role, NOISE["ppg"])
    pace_noise = max(pace_noise, SAMPLE_NOISE / rate_hz if rate_hz > 0 else 0.0)
    found = [Series(even, pace, pace_noise, 27 * pace, apart)]
    size = heart.sizes
    usual = float(np.median(size)) if len(size) == len(ends) else 0.0
    if usual > 0:
        even = np.interp(at, ends, np.clip(size / usual, 0.3, 3.0))
        found.append(Series(even, pace, size_noise, 27 * pace, apart))
    return found


def ground(signal: Signal) -> list[Series]:
    """Read the baseline of a pulse or an ECG, which other things move as well."""
    even = grid(signal, BASE_HZ, LONGEST)
    half = int(BASE * BASE_HZ) // 2
    if even is None or even.sound < _LEAST_SOUND or len(even.values) < 4 * half:
        return []
    near = sliding_window_view(np.pad(even.values, half, mode="reflect"), 2 * half + 1)
    newest_first = near[:: -round(BASE_HZ / SERIES_HZ)]
    return [Series(np.median(newest_first, axis=1)[::-1], 2.0, group="ground")]


def _even(signal: Signal, index: int) -> Floats | None:
    even = grid(signal, _FINE * SERIES_HZ, LONGEST, index)
    if even is None or even.sound < _LEAST_SOUND:
        return None
    n = len(even.values) // _FINE * _FINE
    if n < 2 * _FINE:  # the sensor has only just begun
        return None
    values: Floats = even.values[len(even.values) - n :].reshape(-1, _FINE).mean(axis=1)
    return values
