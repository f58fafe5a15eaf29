"""Decide when a frame is due: on a change, not too often, never silent for long; no clock."""

from __future__ import annotations

from math import inf


class FramePacer:
    """Decides for one subject when the next frame goes out.

    Args:
        rate_hz: At most this many frames a second.
        keepalive: Longest silence, seconds: a reader takes longer silence for trouble.
    """

    def __init__(self, rate_hz: float, keepalive: float = 0.25) -> None:
        self.rate_hz = rate_hz
        self._keepalive = keepalive
        self._last = -inf
        self._changed = False

    def changed(self) -> None:
        """Note that there is something new to send."""
        self._changed = True

    def deadline(self) -> float:
        """Return when the next frame is due (LSL clock); ``-inf`` means now."""
        return self._last + (1.0 / self.rate_hz if self._changed else self._keepalive)

    def due(self, now: float) -> bool:
        """Tell whether a frame is due, and take it as sent."""
        if now < self.deadline():
            return False
        self._last = now
        self._changed = False
        return True
