"""Finds beats and their period in a wave that peaks once a beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from sentio_models.modalities.body.signals import Floats, middle

SLOWEST, FASTEST = 35.0, 200.0
"""Beats a minute that are believed, of adults awake."""


def beat_period(level: Floats, rate: float) -> tuple[float, float]:
    """Return the beat period by autocorrelation, seconds, and how periodic the wave is, 0..1."""
    n = len(level)
    clipped = level - level.mean()
    size = 1 << (2 * n - 1).bit_length()
    power = np.abs(np.fft.rfft(clipped, size)) ** 2
    likeness = np.fft.irfft(power, size)[:n]
    likeness /= max(float(likeness[0]), 1e-12)
    likeness *= n / np.maximum(n - np.arange(n), 1)  # unbiased
    low = round(60 / FASTEST * rate)
    high = min(round(60 / SLOWEST * rate), n // 2)
    lags, _ = find_peaks(likeness[: high + 2])
    lags = lags[(lags >= low) & (lags <= high)]
    if not len(lags):
        return 1.0, 0.0
    best = float(likeness[lags].max())
    # Twice the period fits as well as the period: take the shortest that fits nearly as well.
    lag = int(lags[likeness[lags] >= 0.82 * best][0]) if best > 0 else int(lags[0])
    return (lag + _vertex(likeness, lag)) / rate, max(0.0, float(likeness[lag]))


def _vertex(curve: Floats, index: int) -> float:
    """Return where the parabola through three samples has its top, in samples from ``index``."""
    if not 0 < index < len(curve) - 1:
        return 0.0
    before, here, after = curve[index - 1 : index + 2]
    bend = before - 2 * here + after
    return 0.0 if bend == 0 else float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))


def beat_times(level: Floats, rate: float, period: float) -> Floats:
    """Return the times of beats, seconds before the end, to a fraction of a sample."""
    apart = max(1, round(min(max(0.62 * period, 0.28), 1.2) * rate))
    peaks, _ = find_peaks(level, distance=apart, height=0.5)
    if len(peaks) > 4:
        usual = middle(level[peaks])
        peaks = peaks[level[peaks] > 0.4 * usual]
    if not len(peaks):
        return np.empty(0)
    inner = np.clip(peaks, 1, len(level) - 2)
    before, here, after = level[inner - 1], level[inner], level[inner + 1]
    bend = before - 2 * here + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-12), 0.0)
    times: Floats = (peaks + np.clip(shift, -0.5, 0.5) - (len(level) - 1)) / rate
    return times


def clean_intervals(beats: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Keep intervals that fit their neighbours (within 30 % of the median of nine).

    Returns:
        Kept intervals, when each ended, and which of all intervals were kept.
    """
    intervals = np.diff(beats)
    ends = beats[1:]
    if len(intervals) < 3:
        return intervals[:0], ends[:0], np.zeros(len(intervals), bool)
    half = 4
    padded = np.pad(intervals, half, mode="reflect" if len(intervals) > half else "edge")
    usual = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1), axis=1)
    kept = (
        (np.abs(intervals / usual - 1) < 0.3)
        & (intervals > 60 / FASTEST)
        & (intervals < 60 / SLOWEST)
    )
    return intervals[kept], ends[kept], kept
