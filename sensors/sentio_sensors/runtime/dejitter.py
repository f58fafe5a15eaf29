"""Straightens capture times that a driver stamped in bunches; no clock."""

from __future__ import annotations

from math import isfinite

import numpy as np
from numpy.typing import NDArray

GAIN = 0.05
"""Share of the remaining error that each chunk corrects: device clocks drift by parts in a
million, so slow is enough, and bunches of a few samples average out."""

RESET_S = 0.25
"""An error this large is a gap or a new clock, not jitter: begin anew. liblsl's own filter keeps
fitting through a gap and stays off by it for a minute."""


class Dejitter:
    """Spreads the samples of a regular stream evenly, following its clock.

    Args:
        rate_hz: Nominal rate, above 0.
    """

    def __init__(self, rate_hz: float) -> None:
        self._period = 1.0 / rate_hz
        self._last: float | None = None
        self._steps: NDArray[np.float64] = np.empty(0)

    def straighten(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return even times for one chunk of samples; strictly ascending within and between."""
        count = len(times)
        if not count:
            return times
        if count > len(self._steps):
            self._steps = np.arange(1, count + 1, dtype=np.float64) * self._period
        steps = self._steps[:count]
        # A sum shows NaN and infinity in one pass.
        if self._last is None or not isfinite(float(times.sum())):
            return self._anew(times, steps)
        # Samples of a bunch share the stamp of the newest: the last one is the least wrong.
        error = times.item(-1) - (self._last + count * self._period)
        if abs(error) > max(RESET_S, 4 * self._period):
            return self._anew(times, steps)
        # Half a period at most, so that time never runs backwards between two chunks.
        shift = max(-0.5 * self._period, min(0.5 * self._period, GAIN * error))
        straight: NDArray[np.float64] = steps + (self._last + shift)
        self._last = straight.item(-1)
        return straight

    def _anew(self, times: NDArray[np.float64], steps: NDArray[np.float64]) -> NDArray[np.float64]:
        if not np.isfinite(times[-1]):
            return times
        even = times[-1] - steps[-1] + steps
        if self._last is not None and even[0] <= self._last < even[-1]:
            even = np.linspace(self._last, even[-1], len(times) + 1)[1:]
        self._last = float(even[-1])
        return np.asarray(even, np.float64)
