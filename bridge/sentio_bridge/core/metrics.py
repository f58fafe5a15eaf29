"""Counts and percentiles over the last seconds, for health; no clock."""

from __future__ import annotations

from collections import deque

import numpy as np


class Recent:
    """Values of the last seconds, and their percentiles; one thread may add while another asks.

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
        held = self._held(now)
        if not held:
            return {}
        found = np.percentile([value for _, value in held], (50, 95, 99))
        return dict(zip(("p50", "p95", "p99"), map(float, found), strict=True))

    def rate(self, now: float) -> float:
        """Return how many values a second came in."""
        held = self._held(now)
        if len(held) < 2:
            return 0.0
        return (len(held) - 1) / max(1e-6, held[-1][0] - held[0][0])

    def _held(self, now: float) -> list[tuple[float, float]]:
        """Return what is not too old."""
        # Copying a deque is atomic, iterating over one that grows is not.
        return [item for item in self._values.copy() if item[0] >= now - self._seconds]
