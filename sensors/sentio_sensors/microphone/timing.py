"""Smooth capture times out of a driver's jittering stamps. Reads no clock."""

from __future__ import annotations

GAP_S = 0.05
"""A stamp this far from where the samples say it should be is a gap, not jitter."""

FOLLOW_LATE, FOLLOW_EARLY = 0.02, 0.2
"""Share of each stamp's deviation that is believed. Schedulers only ever make a stamp late, so
that late ones are mostly jitter and early ones mostly news."""

MAX_STEP = 0.9
"""Samples by which one block may be moved at most: stamps always rise."""


class SampleClock:
    """Counts samples and lets the driver's stamps correct the count slowly.

    Args:
        rate: Samples a second.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._next: float | None = None

    def block(self, stamp: float, count: int) -> tuple[float, int]:
        """Return the time of a block's first sample and how many samples are missing before it.

        Args:
            stamp: When the driver says that the first sample was taken, seconds.
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
