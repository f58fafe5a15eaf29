"""Foresees when the next chunk of a regular source comes; no clock."""

from __future__ import annotations

from math import inf

LEAD = 0.002
"""Seconds before the next chunk at which what will be done with it is rehearsed: long enough for
any quick estimator, short enough that its memory is still in the processor's caches then."""

REGULAR = 0.001
"""Seconds by which chunks may miss their time, on average, and still be foreseen."""

SHORTEST = 0.01
"""Seconds between chunks below which nothing has time to grow cold."""

_GAIN = 0.1  # share of a new interval, and of a new error, that is taken over


class Beat:
    """Learns the rhythm of a source's chunks.

    Attributes:
        moment: When to rehearse (LSL clock); infinity where the next chunk is not foreseen.
    """

    def __init__(self) -> None:
        self.moment = inf
        self._last = -inf
        self._interval = 0.0
        self._error = inf

    def heard(self, now: float) -> None:
        """Note that chunks arrived at ``now``."""
        step = now - self._last
        if step < 0.3 * self._interval:
            return  # the rest of what has just come
        self._last = now
        if step > 1.0:  # the first, or after a gap: begin anew
            self._interval, self._error, self.moment = 0.0, inf, inf
            return
        if not self._interval:
            self._interval = self._error = step
            return
        self._error += _GAIN * (abs(step - self._interval) - self._error)
        self._interval += _GAIN * (step - self._interval)
        foreseen = self._error < REGULAR and self._interval > SHORTEST
        self.moment = now + self._interval - LEAD if foreseen else inf

    def rehearsed(self) -> None:
        """Note that the rehearsal for the next chunk is done."""
        self.moment = inf
