"""Regular grids of sensor samples, with gaps marked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from sentio_models.window import Signal

Floats = NDArray[np.float64]

MAX_GAP = 0.35
"""Seconds without a sample that interpolation may bridge: shorter than any heart beat."""

RAIL = 5
"""Equal extreme samples in a row that mean a converter at its rail, not a wave's crest."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One channel on an even time grid that ends at the window's end.

    Attributes:
        values: Shape ``(n,)``; gaps are bridged by straight lines.
        measured: Where real samples stand behind the values.
        good: Where they are measured and neither flat nor at a rail.
        rate_hz: Of the grid.
        reasons: What was wrong with the samples: ``gap``, ``clipping``, ``flat``, ``wrong_rate``.
        sound: 0..1, the share of the grid that is measured and neither flat nor at a rail.
    """

    values: Floats
    measured: NDArray[np.bool_]
    rate_hz: float
    reasons: tuple[str, ...]
    sound: float
    good: NDArray[np.bool_]

    @property
    def seconds(self) -> float:
        """How long the grid is."""
        return len(self.values) / self.rate_hz


def column(signal: Signal, index: int = 0) -> tuple[Floats, Floats]:
    """Return the finite samples of one channel and their offsets, ascending."""
    values = np.asarray(signal.values[:, index], np.float64)
    offsets = np.asarray(signal.offsets, np.float64)
    good = np.isfinite(values) & np.isfinite(offsets) & (np.abs(values) < 1e12)
    if not good.all():
        values, offsets = values[good], offsets[good]
    if len(offsets) > 1 and (np.diff(offsets) <= 0).any():
        offsets, first = np.unique(offsets, return_index=True)
        values = values[first]
    return values, offsets


def newest(signal: Signal, seconds: float) -> Signal:
    """Return the newest part of a stream, which is cheaper to look at than the whole."""
    first = int(np.searchsorted(signal.offsets, -seconds))
    return replace(signal, values=signal.values[first:], offsets=signal.offsets[first:])


def grid(signal: Signal, rate_hz: float, seconds: float, index: int = 0) -> Grid | None:
    """Put one channel on an even grid.

    Args:
        signal: Any rate, with gaps.
        rate_hz: Of the result.
        seconds: At most this much of the signal's end.
        index: Which column.

    Returns:
        None where fewer than two usable samples are there.
    """
    values, offsets = column(signal, index)
    if len(values) < 2:
        return None
    span = min(seconds, -float(offsets[0]) + 1 / rate_hz)
    count = max(2, round(span * rate_hz))
    at = (np.arange(count) - (count - 1)) / rate_hz
    even = np.interp(at, offsets, values)
    after = np.clip(np.searchsorted(offsets, at), 1, len(offsets) - 1)
    hole = offsets[after] - offsets[after - 1]
    period = middle(np.diff(offsets))
    allowed = max(MAX_GAP, 3 * period)
    measured = (hole <= allowed) & (at <= offsets[-1] + allowed)
    reasons = [] if measured.all() else ["gap"]
    if signal.rate_hz > 0 and not 0.8 < period * signal.rate_hz < 1.25:
        reasons.append("wrong_rate")
    good = measured.copy()
    stuck = held(values)
    if stuck.any():
        nearest = np.where(
            np.abs(at - offsets[after - 1]) <= np.abs(offsets[after] - at), after - 1, after
        )
        good &= ~stuck[nearest]
        extreme = values[stuck]
        flat = float(values.max() - values.min()) <= 1e-9 * max(1.0, float(np.abs(values).max()))
        at_rail = (extreme >= values.max()) | (extreme <= values.min())
        reasons.append("clipping" if not flat and at_rail.mean() > 0.5 else "flat")
    return Grid(even, measured, rate_hz, tuple(reasons), float(good.mean()), good)


def held(values: Floats, run: int = RAIL) -> NDArray[np.bool_]:
    """Mark samples inside runs of at least ``run`` equal values."""
    same = np.diff(values) == 0
    if len(same) < run - 1 or not same.any():
        return np.zeros(len(values), bool)
    edges = np.flatnonzero(np.diff(np.r_[0, same.astype(np.int8), 0]))
    marked = np.zeros(len(values), bool)
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first + 1 >= run:
            marked[first : last + 1] = True
    return marked


def band_pass(values: Floats, rate_hz: float, low: float, high: float) -> Floats:
    """Keep what swings between two frequencies, without delay.

    The trend is taken off, the ends are mirrored, and the spectrum is faded by half a cosine on
    an octave's fifth at either side, so that nothing rings.
    """
    n = len(values)
    ramp = np.linspace(0, 1, n)
    edge = max(1, min(n // 4, round(rate_hz)))
    first, last = values[:edge].mean(), values[-edge:].mean()
    flat = values - (first + (last - first) * ramp)
    pad = min(n - 1, round(1.5 * rate_hz))
    mirrored = np.concatenate([flat[pad:0:-1], flat, flat[-2 : -2 - pad : -1]])
    size = 1 << (len(mirrored) - 1).bit_length()
    passed: Floats = np.fft.irfft(
        np.fft.rfft(mirrored, size) * _gain(size, rate_hz, low, high), size
    )
    return passed[pad : pad + n]


@lru_cache(maxsize=64)
def _gain(size: int, rate_hz: float, low: float, high: float) -> Floats:
    frequency = np.fft.rfftfreq(size, 1 / rate_hz)
    rise = np.clip((frequency / low - 0.85) / 0.3, 0, 1)
    fall = np.clip((1.15 - frequency / high) / 0.3, 0, 1)
    gain: Floats = 0.25 * (1 - np.cos(np.pi * rise)) * (1 - np.cos(np.pi * fall))
    return gain


def middle(values: Floats) -> float:
    """Return the median of finite numbers, quicker than ``numpy.median``."""
    n = len(values)
    half = n // 2
    if n % 2:
        return float(np.partition(values, half)[half])
    parted = np.partition(values, (half - 1, half))
    return 0.5 * float(parted[half - 1] + parted[half])


def moving_mean(values: Floats, width: int) -> Floats:
    """Average over ``width`` samples around each sample; shorter at the ends."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(len(values))
    low = np.maximum(index - width // 2, 0)
    high = np.minimum(index + (width + 1) // 2, len(values))
    mean: Floats = (total[high] - total[low]) / (high - low)
    return mean
