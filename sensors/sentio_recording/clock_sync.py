"""Convert stamps to the recorder's clock by measured clock offsets; no I/O.

As pyxdf does: the offsets of each period between two resets of the sender's clock are fitted by a
line with Huber's loss, so that a late measurement does not bend the stamps, and no line crosses a
reset. A stamp belongs to the period whose measurements are closer to it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TIME_DEVIATIONS, TIME_SECONDS = 5.0, 5.0
"""Interval between two measurements that is unusual: median absolute deviations and seconds."""

VALUE_DEVIATIONS, VALUE_SECONDS = 10.0, 1.0
"""Change between two measured offsets that is unusual, likewise."""

HUBER = 1e-4
"""Residual from which a measurement counts less, seconds."""

MAX_STAMP = 2.0**33
"""Largest plausible time or offset, seconds (272 years)."""

ROUNDS = 200
"""Limit of reweighted fits."""


def synchronised(times: Floats, offsets: Sequence[tuple[float, float]]) -> Floats:
    """Return stamps on the recorder's clock, in their order.

    Args:
        times: Stamps of the sender, seconds.
        offsets: Time of the sender's clock and seconds to add, in the order of the file.
    """
    known = [(t, o) for t, o in offsets if abs(t) < MAX_STAMP and abs(o) < MAX_STAMP]  # no NaN
    if not len(times) or not any(o for _, o in known):
        return times
    at, add = np.array(known).T
    converted = times.copy()
    first = 0
    for period in _periods(at, add):
        last = len(times)
        if period.stop < len(at):
            closer = np.abs(times[first:] - at[period.stop - 1]) < np.abs(
                times[first:] - at[period.stop]
            )
            last = first + (len(closer) if closer.all() else int(np.argmin(closer)))
        intercept, slope = _line(at[period], add[period])
        part = times[first:last]
        converted[first:last] = part + (intercept + slope * (part - at[period.start]))
        first = last
    return converted


def _periods(at: Floats, add: Floats) -> list[slice]:
    """Return the ranges of measurements between two resets of the sender's clock."""
    if len(at) < 2:
        return [slice(0, len(at))]
    steps = np.diff(at)
    late = _unusual(steps, TIME_DEVIATIONS, TIME_SECONDS)
    moved = _unusual(np.diff(add), VALUE_DEVIATIONS, VALUE_SECONDS)
    edges = [0, *(np.flatnonzero((steps < 0) | (late & moved)) + 1).tolist(), len(at)]
    return [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]


def _unusual(values: Floats, deviations: float, seconds: float) -> NDArray[np.bool_]:
    distance = np.abs(values - np.median(values))
    usual = np.median(distance) + np.finfo(float).eps
    found: NDArray[np.bool_] = (distance / usual > deviations) & (distance > seconds)
    return found


def _line(at: Floats, add: Floats) -> tuple[float, float]:
    """Fit the first offset and its change per second, by Huber's loss."""
    x = at - at[0]
    if len(at) < 2 or not x.any():
        return float(np.median(add)), 0.0
    origin = float(np.median(add))
    y = add - origin
    weight = np.ones(len(at))
    intercept = slope = 0.0
    for _ in range(ROUNDS):
        total = weight.sum()
        mean_x, mean_y = weight @ x / total, weight @ y / total
        spread = weight @ (x - mean_x) ** 2
        if spread <= 0:
            return float(mean_y) + origin, 0.0
        before = intercept, slope
        slope = float(weight @ ((x - mean_x) * (y - mean_y)) / spread)
        intercept = float(mean_y - slope * mean_x)
        if abs(intercept - before[0]) < 1e-12 and abs(slope - before[1]) < 1e-15:
            break
        residual = np.abs(y - intercept - slope * x)
        weight = HUBER / np.maximum(residual, HUBER)
    return intercept + origin, slope
