"""Counts and percentiles over the last seconds, for health; no clock."""

from __future__ import annotations

from collections import deque

import numpy as np


class Recent:
    """Values of the last seconds, and their percentiles.

    Args:
        seconds: How far back.
        limit: Most values held; the oldest go first.
    """

    def __init__(self, seconds: float = 10.0, limit: int = 2048) -> None:
        self._seconds = seconds
        self._values: deque[tuple[float, float]] = deque(maxlen=limit)

    def add(self, value: float, now: float) -> None:
        """Note ``value`` at ``now``."""
        self._values.append((now, value))

    def percentiles(self, now: float) -> dict[str, float]:
        """Return ``p50``, ``p95`` and ``p99``; empty where there are no values."""
        self._forget(now)
        if not self._values:
            return {}
        found = np.percentile([value for _, value in self._values], (50, 95, 99))
        return dict(zip(("p50", "p95", "p99"), map(float, found), strict=True))

    def rate(self, now: float) -> float:
        """Return how many values a second came in."""
        self._forget(now)
        if len(self._values) < 2:
            return 0.0
        return (len(self._values) - 1) / max(1e-6, self._values[-1][0] - self._values[0][0])

    def _forget(self, now: float) -> None:
        while self._values and self._values[0][0] < now - self._seconds:
            self._values.popleft()
