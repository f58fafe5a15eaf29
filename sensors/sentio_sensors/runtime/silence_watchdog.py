"""Detect that a stream has stopped, which most drivers do not report."""

from __future__ import annotations

LEAST = 0.35
"""Seconds without a sample that are a gap at the earliest. Half a second is the promise, and a
reading may take a tenth of it."""

CHUNKS = 5
"""Expected chunk intervals without a sample that are a gap."""

LONG, LONGEST = 1.0, 30.0
"""Intervals between chunks, seconds, from which a stream is given half as much again, and the
longest one that counts."""

IRREGULAR = float("inf")
"""A stream that states no rate may be silent for as long as it likes."""


class SilenceWatchdog:
    """Watches one stream.

    Args:
        rate_hz: The stream's nominal rate; 0 for irregular streams.
        now: When the watch begins (LSL clock).
        interval: Seconds between two chunks before the device was opened again; 0 if unknown.
    """

    def __init__(self, rate_hz: float, now: float, interval: float = 0.0) -> None:
        self._patience = max(LEAST, CHUNKS / rate_hz) if rate_hz > 0 else IRREGULAR
        self._last = now
        self._interval = 0.0
        self._long = interval if interval > LONG else 0.0

    @property
    def regular(self) -> bool:
        """Whether the stream states a rate, so that silence means something."""
        return self._patience < IRREGULAR

    @property
    def interval(self) -> float:
        """Return the seconds between two large chunks; 0 for frequent chunks."""
        return self._long

    def fed(self, now: float, before: float | None = None) -> None:
        """Note that samples arrived at ``now``.

        Args:
            now: LSL clock, seconds.
            before: When samples arrived before, if the device was opened again since then.
        """
        elapsed = min(LONGEST, now - (self._last if before is None else before))
        # A pause counts like a large chunk at first, and is forgotten within some chunks.
        self._long = max(elapsed if elapsed > LONG else 0.0, 0.7 * self._long)
        self._long = self._long if self._long > LONG else 0.0
        # Devices that send large chunks are given time for them, but quickly only shrink.
        self._interval = max(0.9 * self._interval, min(1.0, now - self._last))
        self._last = now

    def silent(self, now: float) -> bool:
        """Return whether the stream has stopped."""
        usual = max(min(3.0, 3 * self._interval), 1.5 * self._long)
        return now - self._last > max(self._patience, usual)

    def age(self, now: float) -> float:
        """Return the seconds since the last samples."""
        return now - self._last
