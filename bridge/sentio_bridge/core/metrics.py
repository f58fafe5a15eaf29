"""Rates and percentiles over the last seconds, for health; no clock."""

from __future__ import annotations

from collections import deque

import numpy as np


class Recent:
    """Values of the last seconds; one thread may add while another reads.

    Args:
        seconds: Length of the period.
        limit: Maximum number of values; the oldest are dropped first.
    """

    def __init__(self, seconds: float = 10.0, limit: int = 2048) -> None:
        self._seconds = seconds
        self._values: deque[tuple[float, float]] = deque(maxlen=limit)

    def add(self, value: float, now: float) -> None:
        """Add ``value`` at time ``now``."""
        values = self._values
        values.append((now, value))
        while values[0][0] < now - self._seconds:
            values.popleft()

    def percentiles(self, now: float) -> dict[str, float]:
        """Return ``p50``, ``p95`` and ``p99``; empty if there are no values."""
        recent = self._current(now)
        if not recent:
            return {}
        quantiles = np.percentile([value for _, value in recent], (50, 95, 99))
        return dict(zip(("p50", "p95", "p99"), map(float, quantiles), strict=True))

    def rate(self, now: float) -> float:
        """Return the number of values per second."""
        recent = self._current(now)
        if len(recent) < 2:
            return 0.0
        return (len(recent) - 1) / max(1e-6, recent[-1][0] - recent[0][0])

    def _current(self, now: float) -> list[tuple[float, float]]:
        """Return the values of the period."""
        # Copying a deque is atomic; iterating while another thread appends is not.
        return [item for item in self._values.copy() if item[0] >= now - self._seconds]
