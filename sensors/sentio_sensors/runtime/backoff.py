"""How long to wait before a device is tried again; no clock."""

from __future__ import annotations

from collections.abc import Callable

FIRST, LARGEST = 0.5, 5.0
"""Seconds: a replugged camera is back within three; a dead one is asked every five."""

JITTER = 0.2
"""Share by which each wait differs, to avoid retries at the same time."""


class Backoff:
    """Waits that double from ``first`` to ``largest``.

    Args:
        random: Returns a number in 0..1.
        first: Seconds of the first wait.
        largest: Seconds that no wait exceeds.
    """

    def __init__(
        self, random: Callable[[], float], first: float = FIRST, largest: float = LARGEST
    ) -> None:
        self._random = random
        self._first = first
        self._largest = largest
        self._next = first

    def wait(self) -> float:
        """Return how long to wait now; the next wait is twice as long."""
        base, self._next = self._next, min(self._largest, 2 * self._next)
        return min(self._largest, base * (1 + JITTER * (2 * self._random() - 1)))

    def reset(self) -> None:
        """Begin again with the first wait: the device works."""
        self._next = self._first
