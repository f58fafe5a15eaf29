"""Finds beats and their period in a wave that peaks once a beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.body.hum import without_hum
from sentio_models.modalities.body.peaks import find_peaks
from sentio_models.modalities.body.signals import Floats, band_pass, middle, moving_mean

SLOWEST, FASTEST = 35.0, 200.0
"""Beats a minute that are believed, of adults awake."""

QRS_BAND = 5.0, 24.0
"""Hz in which a complex is steep, and a T wave is not."""

REFRACTORY, LATE_T_WAVE, T_WAVE = 0.24, 0.31, 0.36
"""Seconds after a complex without another, after which a T wave is late, and until which it may
come."""

HUMP = 0.08
"""Seconds to either side of a complex over which its middle is found."""

EARLY = 0.1
"""Part of the usual interval that a premature beat's is shorter by, at least."""

SMALL = 0.25
"""Steepness of the smallest complex, in parts of the usual."""


def beat_period(level: Floats, rate: float) -> tuple[float, float]:
    """Return the beat period by autocorrelation, seconds, and periodicity, 0..1."""
    n = len(level)
    clipped = level - level.mean()
    size = 1 << (2 * n - 1).bit_length()
    power = np.abs(np.fft.rfft(clipped, size)) ** 2
    likeness = np.fft.irfft(power, size)[:n]
    likeness /= max(float(likeness[0]), 1e-12)
    likeness *= n / np.maximum(n - np.arange(n), 1)  # unbiased
    low = round(60 / FASTEST * rate)
    high = min(round(60 / SLOWEST * rate), n // 2)
    lags = find_peaks(likeness[: high + 2])
    lags = lags[(lags >= low) & (lags <= high)]
    if not len(lags):
        return 1.0, 0.0
    best = float(likeness[lags].max())
    # Twice the period fits as well as the period: take the shortest that fits nearly as well.
    lag = int(lags[likeness[lags] >= 0.82 * best][0]) if best > 0 else int(lags[0])
    return (lag + _vertex(likeness, lag)) / rate, max(0.0, float(likeness[lag]))


def _vertex(curve: Floats, index: int) -> float:
    """Return the top of a parabola through three samples, relative to ``index``."""
    if not 0 < index < len(curve) - 1:
        return 0.0
    before, here, after = curve[index - 1 : index + 2]
    bend = before - 2 * here + after
    return 0.0 if bend == 0 else float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))


def beat_times(level: Floats, rate: float, period: float) -> Floats:
    """Return the times of beats, seconds before the end, to a fraction of a sample."""
    apart = max(1, round(min(max(0.62 * period, 0.28), 1.2) * rate))
    peaks = find_peaks(level, distance=apart, height=0.5)
    if len(peaks) > 4:
        usual = middle(level[peaks])
        peaks = peaks[level[peaks] > 0.4 * usual]
    return _refined(level, peaks, rate)


def _refined(level: Floats, peaks: NDArray[np.intp], rate: float) -> Floats:
    """Return peaks' times by the parabola through their tops, seconds before the end."""
    if not len(peaks):
        return np.empty(0)
    inner = np.clip(peaks, 1, len(level) - 2)
    before, here, after = level[inner - 1], level[inner], level[inner + 1]
    bend = before - 2 * here + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-12), 0.0)
    times: Floats = (peaks + np.clip(shift, -0.5, 0.5) - (len(level) - 1)) / rate
    return times


def complex_energy(values: Floats, rate: float) -> tuple[Floats, Floats]:
    """Return an ECG's QRS band, and how much its slope swings in a tenth of a second."""
    complexes = band_pass(without_hum(values, rate, *QRS_BAND), rate, *QRS_BAND)
    return complexes, np.sqrt(moving_mean(np.gradient(complexes) ** 2, round(0.1 * rate)))


def complex_times(energy: Floats, rate: float) -> Floats:
    """Return the times of QRS complexes, seconds relative to the end.

    Wide and small complexes count, as extrasystoles are; a T wave, which follows a complex at
    once and is less than half as steep, does not (after Pan & Tompkins 1985). Where over two
    fifths of the complexes are followed by a late one it may as well be bigeminy: then there
    are none.
    """
    part = max(1, round(2.0 * rate))
    whole = len(energy) // part * part
    if whole:
        usual = middle(energy[len(energy) - whole :].reshape(-1, part).max(axis=1))
    else:
        usual = float(energy.max())
    peaks = find_peaks(energy, distance=round(REFRACTORY * rate), height=SMALL * usual)
    kept: list[int] = []
    late = 0
    for peak in peaks.tolist():
        if kept and peak - kept[-1] < T_WAVE * rate and energy[peak] < 0.5 * energy[kept[-1]]:
            late += peak - kept[-1] > LATE_T_WAVE * rate
            continue
        kept.append(peak)
    if 5 * late > 2 * len(kept):
        return np.empty(0)
    return _centres(energy, np.array(kept, np.intp), rate)


def _centres(energy: Floats, peaks: NDArray[np.intp], rate: float) -> Floats:
    """Return the middle of each hump above half its height, seconds before the end."""
    if not len(peaks):
        return np.empty(0)
    reach = np.arange(-round(HUMP * rate), round(HUMP * rate) + 1)
    near = np.clip(peaks[:, None] + reach, 0, len(energy) - 1)
    above = np.maximum(energy[near] - 0.5 * energy[peaks][:, None], 0.0)
    shift = (above @ reach) / np.maximum(above.sum(axis=1), 1e-300)
    times: Floats = (peaks + shift - (len(energy) - 1)) / rate
    return times


def clean_intervals(beats: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Keep intervals that fit their neighbours (within 30 % of the median of nine).

    A beat that comes early takes the pause after it along: a short interval and the long one
    that follows are both left out where they stand out against how the others scatter.

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
    off = intervals / usual - 1
    sharp = max(EARLY, 4.0 * middle(np.abs(off)))
    early = np.append((off[:-1] < -sharp) & (off[1:] > 0.5 * sharp), False)
    kept = (
        (np.abs(off) < 0.3)
        & ~early
        & ~np.append(False, early[:-1])
        & (intervals > 60 / FASTEST)
        & (intervals < 60 / SLOWEST)
    )
    return intervals[kept], ends[kept], kept
