"""Put a regular stream on a grid of a fixed rate, without inventing anything.

Where the grid has the stream's own rate, samples are moved whole. Where it has not, the samples of
each part without a gap are resampled by a windowed sinc, which keeps all frequencies up to 0.85
of half the rate. Where samples are missing the result is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sentio_recording.stamps import straightened

Floats = NDArray[np.float64]

TAPS = 16
"""Samples on either side of which a resampled value is made."""

KAISER = 7.0
"""Shape of the window: side lobes below -70 dB."""

WHOLE = 0.02
"""Periods within which samples are moved whole."""

MISSING = 1.5
"""Periods between two samples from which at least one is missing between them."""

BLOCK = 1 << 14
"""Values resampled at a time."""


@dataclass(frozen=True, slots=True)
class Part:
    """Samples without a gap between them.

    Attributes:
        samples: Their range.
        times: Even times of the samples, seconds.
    """

    samples: slice
    times: Floats


def parts(times: Floats, rate_hz: float) -> list[Part]:
    """Split a stream at its gaps, with even times.

    Args:
        times: Ascending, seconds.
        rate_hz: Nominal rate, above 0.
    """
    if not len(times):
        return []
    even = straightened(np.maximum.accumulate(times), rate_hz)
    steps = np.diff(even)
    usual = float(np.median(steps)) if len(steps) else 1.0 / rate_hz
    edges = [0, *(np.flatnonzero(steps > MISSING * usual) + 1).tolist(), len(times)]
    return [Part(slice(a, b), even[a:b]) for a, b in pairwise(edges)]


def effective_rate(found: list[Part], rate_hz: float) -> float:
    """Return the effective rate without gaps; the nominal rate if unknown."""
    counts = sum(len(part.times) - 1 for part in found)
    seconds = sum(float(part.times[-1] - part.times[0]) for part in found)
    return counts / seconds if counts and seconds > 0 else rate_hz


def on_grid(
    found: list[Part],
    values: NDArray[np.generic],
    start: float,
    rate_hz: float,
    count: int,
    *,
    nearest: bool = False,
) -> Floats:
    """Return values at ``start + n / rate_hz``; NaN if unknown.

    Args:
        found: Parts of the stream.
        values: All samples, ``(n, channels)``.
        start: Time of the first grid point, seconds.
        rate_hz: Rate of the grid.
        count: Number of grid points.
        nearest: Take the nearest sample, for codes and counters between which nothing lies.
    """
    grid = np.full((count, values.shape[1]), np.nan)
    for part in found:
        _place(grid, part, values[part.samples].astype(np.float64), start, rate_hz, nearest)
    return grid


def _place(
    grid: Floats, part: Part, values: Floats, start: float, rate_hz: float, nearest: bool
) -> None:
    at = (part.times - start) * rate_hz
    shift = round(float(np.mean(at - np.arange(len(at)))))
    whole = np.arange(len(at)) + shift
    if float(np.abs(at - whole).max()) <= WHOLE:
        inside = (whole >= 0) & (whole < len(grid))
        grid[whole[inside]] = values[inside]
        return
    first = max(0, int(np.ceil(at[0] - 0.5)))
    last = min(len(grid) - 1, int(np.floor(at[-1] + 0.5)))
    if last < first:
        return
    # Position of each grid point among the samples, which are evenly spaced.
    period = (at[-1] - at[0]) / (len(at) - 1) if len(at) > 1 else 1.0
    places = (np.arange(first, last + 1) - at[0]) / period
    if nearest or len(at) < 4:
        grid[first : last + 1] = values[np.clip(np.round(places), 0, len(at) - 1).astype(int)]
        return
    for begin in range(0, len(places), BLOCK):
        block = places[begin : begin + BLOCK]
        here = slice(first + begin, first + begin + len(block))
        grid[here] = _resampled(values, block, min(1.0, period))


def _resampled(values: Floats, places: Floats, cut: float) -> Floats:
    """Return values between samples.

    Args:
        values: Evenly spaced samples, ``(n, channels)``.
        places: Positions among them, in samples.
        cut: Highest frequency that is kept, relative to half the rate of the samples.
    """
    count = len(values)
    places = np.clip(places, 0.0, count - 1.0)
    middle = np.floor(places).astype(np.int64)
    near = middle[:, None] + np.arange(-TAPS + 1, TAPS + 1)
    away = places[:, None] - near
    window = np.i0(KAISER * np.sqrt(np.maximum(0.0, 1 - (away / TAPS) ** 2))) / np.i0(KAISER)
    weights = np.sinc(cut * away) * window
    weights /= weights.sum(axis=1, keepdims=True)
    # Beyond an end, samples are mirrored through the last one, so that a slope goes on.
    below, above = near < 0, near >= count
    mirrored = np.where(below, -near, np.where(above, 2 * (count - 1) - near, near))
    mirrored = np.clip(mirrored, 0, count - 1)
    outside = below | above
    result = np.empty((len(places), values.shape[1]))
    ends = np.where(below, 0, count - 1)
    for column in range(values.shape[1]):
        samples = values[:, column]
        unknown = ~np.isfinite(samples)
        filled = _filled(samples, unknown) if unknown.any() else samples
        taken = filled[mirrored]
        taken = np.where(outside, 2 * filled[ends] - taken, taken)
        result[:, column] = np.einsum("ij,ij->i", taken, weights)
        if unknown.any():
            result[unknown[middle] | unknown[np.minimum(middle + 1, count - 1)], column] = np.nan
    return result


def _filled(samples: Floats, unknown: NDArray[np.bool_]) -> Floats:
    """Bridge unknown samples so that they do not spread over the window's length."""
    if unknown.all():
        return np.zeros(len(samples))
    at = np.arange(len(samples))
    return np.interp(at, at[~unknown], samples[~unknown])
