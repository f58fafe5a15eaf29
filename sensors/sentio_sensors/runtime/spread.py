"""Spread the times of samples that share a stamp, in streams without a rate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PAUSE = 2.0
"""Usual periods by which samples may lie apart: after a longer time there was a pause."""


class Spread:
    """Spreads samples of equal stamp evenly over the time since the stamp before.

    LSL gives all samples of a chunk one stamp if the stream states no rate. The first such chunk
    waits for the next one, which shows how long it lasted.
    """

    def __init__(self) -> None:
        self._last: float | None = None
        self._period: float | None = None

    def place(self, times: Floats) -> Floats | None:
        """Return ascending times; None if nothing shows yet how long the samples lasted.

        The caller then repeats the samples together with the next ones.
        """
        finite = times[np.isfinite(times)]
        if len(finite) != len(times) or not len(times):
            return times
        edges = [0, *(np.flatnonzero(np.diff(times)) + 1).tolist(), len(times)]
        sizes = np.diff(edges)
        if sizes.max() == 1:
            self._last = float(times[-1])
            return times
        if self._last is None and self._period is None:
            if len(sizes) == 1:
                return None
            self._period = float(times[edges[1]] - times[0]) / int(sizes[1])
        placed = np.empty(len(times))
        for first, size in zip(edges[:-1], sizes.tolist(), strict=True):
            placed[first : first + size] = self._group(float(times[first]), size)
        return placed

    def _group(self, stamp: float, size: int) -> Floats:
        """Return the times of ``size`` samples that end at ``stamp``."""
        last, usual = self._last, self._period
        self._last = stamp
        if last is not None and stamp > last:
            period = (stamp - last) / size
            if usual is None or period < PAUSE * usual:
                self._period = period if usual is None else usual + 0.2 * (period - usual)
                usual = period
        period = usual if usual is not None and usual > 0 else 1e-3
        back = np.arange(size)[::-1].astype(np.float64)
        return stamp - back * period
