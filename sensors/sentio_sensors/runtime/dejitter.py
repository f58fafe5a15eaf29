"""Even capture times of a regular stream from its stamps, live; no clock.

The stamps of a regular stream scatter because of its driver, radio or scheduler; its samples are
evenly spaced in truth. ``Dejitter`` places each chunk on the line that ``SampleClock`` estimates
from all stamps so far. ``sentio_recording.stamps`` does the same with the whole recording.
"""

from __future__ import annotations

from math import isfinite

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.runtime.anchors import LONGEST_RUN, apart, is_linked, linked, one_run
from sentio_sensors.runtime.line import Line
from sentio_sensors.runtime.sample_clock import SampleClock
from sentio_sensors.runtime.steps import extremes

Floats = NDArray[np.float64]

BACKWARDS = 1.0
"""Seconds by which times are held back from going backwards; more is a clock that stepped, or one
garbage stamp before."""

CRAMPED = 1e-3
"""Periods between samples that would otherwise go back in time."""

KNOWN = 5e-4
"""Relative standard deviation from which a rate counts as known."""


class Dejitter:
    """Spreads the samples of a regular stream evenly, following its clock and rate.

    Args:
        rate_hz: Nominal rate, above 0.
    """

    def __init__(self, rate_hz: float) -> None:
        self._nominal = 1.0 / rate_hz
        self._rate = rate_hz
        self._line: Line | None = None
        self._count = 0
        self._stamp = 0.0
        self._newest = -np.inf
        self._pending: tuple[int, float] | None = None
        self._run = 0
        self._usual_run = 0
        self._arrived = -np.inf
        self._ahead: tuple[int, float, Line] | None = None

    @property
    def rate_hz(self) -> float:
        """Estimated rate, samples a second; the nominal one before any stamp."""
        return self._rate if self._line is None else 1.0 / self._line.clock.period

    @property
    def rate_known(self) -> bool:
        """Whether ``rate_hz`` is certain to a thousandth."""
        if self._line is None:
            return False
        clock = self._line.clock
        return bool(clock.cov[2] < (KNOWN * clock.period) ** 2)

    @property
    def jumps(self) -> int:
        """Number of gaps and steps of the sender's clock so far."""
        return 0 if self._line is None else self._line.jumps

    def shift(self, seconds: float) -> None:
        """Move the line, since the correction of the sender's clock changed.

        Args:
            seconds: To be added to stamps that were given before.
        """
        self._stamp += seconds
        if self._pending is not None:
            self._pending = self._pending[0], self._pending[1] + seconds
        self._ahead = None
        if self._line is not None:
            self._line.shift(seconds)

    def straighten(
        self,
        times: Floats,
        lost: int = 0,
        arrived: float | None = None,
        rounding: float = 0.0,
    ) -> Floats:
        """Return even times for one chunk, strictly ascending also between chunks.

        Samples with stamps that are not finite keep them.

        Args:
            times: Stamps of the next samples, seconds.
            lost: Number of samples that are missing before them, if the device counts.
            arrived: When they arrived, seconds, if known.
            rounding: What the stamps were rounded to before their clock was corrected, seconds.
        """
        low, high = extremes(times) if len(times) > 1 else (0.0, sum(times.tolist()))
        if not isfinite(low + high):
            good = np.isfinite(times)
            if not good.all():
                even = np.asarray(times, np.float64).copy()
                if good.any():
                    even[good] = self.straighten(times[good], lost, arrived, rounding)
                return even
        if not len(times):
            return times
        self._count += lost
        first, self._count = self._count, self._count + len(times)
        another = self._another(len(times), lost, arrived)
        run = len(times) > 1 and one_run(low, high, self._nominal, rounding)
        goes_on = not another and first > 0
        goes_on = goes_on and is_linked(times.item(0) - self._stamp, self._nominal, rounding)
        known, stamps = self._measured(first, times, rounding, goes_on=goes_on, run=run)
        even = self._ascending(self._place(first, len(times), known, stamps))
        self._newest = even.item(-1)
        return even

    def _another(self, samples: int, lost: int, arrived: float | None) -> bool:
        """Return whether these samples certainly do not continue the run before."""
        if arrived is None:
            return lost > 0
        elapsed, self._arrived = arrived - self._arrived, arrived
        return lost > 0 or apart(elapsed, samples, self._nominal)

    def _measured(
        self, first: int, times: Floats, rounding: float, *, goes_on: bool, run: bool
    ) -> tuple[list[int], list[float]]:
        """Return the samples whose stamps were measured; the last one may be pending."""
        self._stamp = times.item(-1)
        # Most chunks are one run, or have no run at all: at a third of the cost.
        if run:
            return self._one_run(first, len(times), goes_on=goes_on)
        at = np.arange(first, first + len(times))
        chained = np.empty(len(times), np.bool_)
        chained[0] = goes_on
        chained[1:] = linked(times[1:] - times[:-1], self._nominal, rounding)
        if len(at) > 1 and chained[1:].all():
            return self._one_run(first, len(times), goes_on=goes_on)
        if self._pending is None and len(at) > 1 and not chained.any():
            self._run = self._usual_run = 1
            return at.tolist(), times.tolist()
        ends = np.r_[~chained[1:], not chained[-1]]
        known, stamps = at[ends], times[ends]
        if self._pending is not None and (not chained[0] or self._run > LONGEST_RUN):
            known, stamps = np.r_[self._pending[0], known], np.r_[self._pending[1], stamps]
            self._usual_run = self._run
        starts = np.flatnonzero(~chained)
        if len(starts) > 1:
            self._usual_run = int(starts[-1] - starts[-2])
        self._run = len(at) - int(starts[-1]) if len(starts) else self._run + len(at)
        open_ = chained[-1] or self._usual_run > 1
        if open_ and not chained[-1]:
            known, stamps = known[:-1], stamps[:-1]  # the first of a run, very likely
        self._pending = (int(at[-1]), self._stamp) if open_ else None
        return known.tolist(), stamps.tolist()

    def _one_run(self, first: int, count: int, *, goes_on: bool) -> tuple[list[int], list[float]]:
        """Return what ``_measured`` does for a chunk of one run, new or continued."""
        known: list[int] = []
        stamps: list[float] = []
        if self._pending is not None and (not goes_on or self._run > LONGEST_RUN):
            known, stamps = [self._pending[0]], [self._pending[1]]
            self._usual_run = self._run
        self._run = self._run + count if goes_on else count
        self._pending = first + count - 1, self._stamp
        return known, stamps

    def _place(self, first: int, count: int, known: list[int], stamps: list[float]) -> Floats:
        """Return the times of ``count`` samples from ``first`` on, on the line."""
        even = np.empty(count)
        done = used = 0
        ahead, self._ahead = self._ahead, None
        if ahead is not None and (known, stamps) == ([ahead[0]], [ahead[1]]):
            self._line = ahead[2]
            done = _fill(even, first, done, self._line.clock, ahead[0])
        elif known:
            at, measured = np.array(known, np.int64), np.array(stamps)
            line = self._line = self._line or Line.start(self._rate, at, measured)
            for part in line.follow(at, measured):
                used += part
                done = _fill(even, first, done, line.clock, known[used - 1])
        if self._pending is not None:
            # Its run may go on in the next chunk: use it now, but do not learn from it yet.
            more = max(0, self._usual_run - self._run)
            index, stamp = self._pending[0] + more, self._pending[1] + more * self._nominal
            if self._line is None:
                line = Line.start(self._rate, np.array([index]), np.array([stamp]))
            else:
                line = self._line.copy()
            line.follow_one(index, stamp)
            _fill(even, first, done, line.clock, index)
            self._ahead = index, stamp, line
        return even

    def _ascending(self, even: Floats) -> Floats:
        """Return times that follow those of the chunk before and each other."""
        ascend = len(even) < 2 or extremes(even)[0] > 0
        latest = even.item(-1) if ascend else float(np.maximum.reduce(even))
        # All of them: a clock that stepped, rather than one garbage stamp.
        if self._newest - latest > BACKWARDS:
            self._newest = -np.inf
        if ascend and even.item(0) > self._newest:
            return even
        least = CRAMPED * self._nominal
        ramp = np.arange(len(even)) * least
        floor = self._newest + least if np.isfinite(self._newest) else -np.inf
        cramped: Floats = np.maximum.accumulate(np.maximum(even - ramp, floor)) + ramp
        return cramped


def _fill(even: Floats, first: int, done: int, clock: SampleClock, last: int) -> int:
    """Write the times of the next samples up to ``last``; return how many are done.

    Args:
        even: Times of a chunk.
        first: Index of its first sample.
        done: Number of its samples that have their times.
        clock: Clock of the next ones.
        last: Index of the last of them.
    """
    end = min(max(done, last - first + 1), len(even))
    if end > done:
        even[done:end] = clock.between(first + done, first + end)
    return end
