"""Notices that a stream has stopped, since most drivers do not say so; no clock."""

from __future__ import annotations

LEAST = 0.35
"""Seconds without a sample that are a gap at the earliest. Half a second is the promise, and a
reading may take a tenth of it."""

CHUNKS = 5
"""Expected chunk intervals without a sample that are a gap."""

IRREGULAR = float("inf")
"""A stream that states no rate may be silent for as long as it likes."""


class SilenceWatchdog:
    """Watches one stream.

    Args:
        rate_hz: The stream's nominal rate; 0 for irregular streams.
        now: When the watch begins (LSL clock).
    """

    def __init__(self, rate_hz: float, now: float) -> None:
        self._patience = max(LEAST, CHUNKS / rate_hz) if rate_hz > 0 else IRREGULAR
        self._last = now
        self._interval = 0.0

    @property
    def regular(self) -> bool:
        """Whether the stream states a rate, so that silence means something."""
        return self._patience < IRREGULAR

    def fed(self, now: float) -> None:
        """Note that samples arrived at ``now``."""
        # Devices that send large chunks are given time for them, but quickly only shrink.
        self._interval = max(0.9 * self._interval, min(1.0, now - self._last))
        self._last = now

    def silent(self, now: float) -> bool:
        """Tell whether the stream has stopped."""
        return now - self._last > max(self._patience, min(3.0, 3 * self._interval))

    def age(self, now: float) -> float:
        """Return the seconds since the last samples."""
        return now - self._last
