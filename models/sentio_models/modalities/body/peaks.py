"""Find peaks of a curve, as ``scipy.signal.find_peaks`` does.

The same peaks, without scipy.signal: importing it takes 0.6 s of processor time and 40 MB, which
each start of a sidecar would pay.
"""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


def find_peaks(curve: Floats, distance: int = 1, height: float = -inf) -> Indices:
    """Return the indices of the peaks of a curve, ascending.

    A peak is higher than its neighbours; of a plateau the middle counts, and neither end of the
    curve is a peak.

    Args:
        curve: Values, shape ``(n,)``.
        distance: Least samples between two peaks; of those that are closer the highest stays.
        height: Least value of a peak.
    """
    if len(curve) < 3:
        return np.empty(0, np.intp)
    steps = np.flatnonzero(curve[1:] != curve[:-1])
    starts, ends = np.append(0, steps + 1), np.append(steps, len(curve) - 1)
    levels = curve[starts]
    tops = np.flatnonzero((levels[1:-1] > levels[:-2]) & (levels[1:-1] > levels[2:])) + 1
    middles: Indices = (starts[tops] + ends[tops]) // 2
    peaks: Indices = middles[curve[middles] >= height]
    return peaks if distance <= 1 else peaks[_apart(peaks, curve[peaks], distance)]


def _apart(peaks: Indices, heights: Floats, distance: int) -> list[int]:
    """Return which peaks stay: from the highest on, each removes those too close."""
    places: list[int] = peaks.tolist()
    stays = [True] * len(places)
    for highest in np.argsort(heights)[::-1].tolist():
        if not stays[highest]:
            continue
        for way in (-1, 1):
            other = highest + way
            while 0 <= other < len(places):
                if abs(places[other] - places[highest]) >= distance:
                    break
                stays[other] = False
                other += way
    return [index for index, is_kept in enumerate(stays) if is_kept]
