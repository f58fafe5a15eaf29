"""Smooth the jitter of a driver's capture stamps; no clock."""

from __future__ import annotations

GAP_S = 0.05
"""Deviation from the counted time, seconds, that means a gap instead of jitter."""

FOLLOW_LATE, FOLLOW_EARLY = 0.02, 0.2
"""Correction gain of late and early stamps. Schedulers only delay stamps, so that late ones are
mostly jitter and early ones mostly information."""

MAX_STEP = 0.9
"""Largest correction of one block, samples, so that stamps always increase."""


class SampleClock:
    """Sample counter that the driver's stamps correct slowly.

    Args:
        rate: Samples a second.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._next: float | None = None

    def block(self, stamp: float, count: int) -> tuple[float, int]:
        """Return a block's start time and the number of samples missing before it.

        Args:
            stamp: The driver's capture time of the first sample, seconds.
            count: Samples in the block.
        """
        lost = 0
        if self._next is None:
            start = stamp
        else:
            error = stamp - self._next
            if abs(error) > GAP_S:
                start, lost = stamp, max(0, round(error * self._rate))
            else:
                share = FOLLOW_LATE if error > 0 else FOLLOW_EARLY
                step = MAX_STEP / self._rate
                start = self._next + min(step, max(-step, share * error))
        self._next = start + count / self._rate
        return start, lost
