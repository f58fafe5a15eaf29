"""Decide when a frame is due: on a change, rate limited, with keepalive; no clock."""

from __future__ import annotations

from math import inf


class FramePacer:
    """Schedule of one subject's frames.

    Args:
        rate_hz: Maximum frames per second.
        keepalive: Maximum time between frames, seconds: clients treat longer gaps as a failure.
    """

    def __init__(self, rate_hz: float, keepalive: float = 0.25) -> None:
        self.rate_hz = rate_hz
        self._keepalive = keepalive
        self._last = -inf
        self._changed = False

    def changed(self) -> None:
        """Mark the state as changed."""
        self._changed = True

    def deadline(self) -> float:
        """Return when the next frame is due (LSL clock); ``-inf`` means now."""
        return self._last + (1.0 / self.rate_hz if self._changed else self._keepalive)

    def due(self, now: float) -> bool:
        """Return whether a frame is due; if so, count it as sent."""
        if now < self.deadline():
            return False
        self._last = now
        self._changed = False
        return True
