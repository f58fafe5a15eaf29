"""Even capture times of a regular stream from its stamps, live; no clock.

The stamps of a regular stream scatter because of its driver, radio or scheduler; its samples are
evenly spaced in truth. ``Dejitter`` places each chunk on the line that ``SampleClock`` estimates
from all stamps so far. ``sentio_recording.stamps`` does the same with the whole recording.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.runtime.anchors import LONGEST_RUN, apart, linked
from sentio_sensors.runtime.sample_clock import Block, SampleClock, State

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_GAP = 0.5
"""Periods by which a jump must exceed the prediction to be missing samples."""

SIGNIFICANT, ALONE = 6.0, 4.0
"""Standard deviations by which the mean of many stamps must exceed the prediction to be a jump, and
how many more a single stamp: delays by a radio or scheduler have long tails."""

SHIFT_S = 0.5
"""Time constant that shows a lasting shift smaller than the scatter of the stamps, seconds."""

LOOSEN = 16.0
"""Factor on the period's variance if a jump follows soon after another: the rate may be wrong."""

SOON = 4
"""Blocks between two jumps that are soon."""

BACKWARDS = 1.0
"""Seconds by which times are held back from going backwards; more is a clock that stepped, or one
garbage stamp before."""

CRAMPED = 1e-3
"""Periods between samples that would otherwise go back in time."""

KNOWN = 5e-4
"""Relative standard deviation from which a rate counts as known."""

ENOUGH = 8
"""Stamps from which period and scatter are estimated at the start."""

FLOOR = 1e-4
"""Least relative standard deviation of a rate that was estimated at the start."""

REFITTED = 64
"""Stamps up to which the line is fitted again with each stamp, while each comes alone."""

FEW = 64
"""Stamps for which an estimated deviation counts double."""

FAR = 0.25
"""Share by which a rate may differ from the nominal one if most stamps are deduced from it."""


class Line:
    """Follows a stream's samples through gaps.

    Attributes:
        clock: The estimate.
        predicted: State of the clock before it took the newest part.
        jumped: Whether samples are missing before that part.
        jumps: Number of gaps or steps of the sender's clock.

    Args:
        rate_hz: Nominal rate, above 0.
        at: Indices of the first measured stamps, which ``follow`` takes next.
        stamps: These stamps.
    """

    def __init__(self, rate_hz: float, at: Ints, stamps: Floats) -> None:
        self.clock = SampleClock.start(rate_hz, int(at[0]), float(stamps[0]))
        self._first: tuple[Ints, Floats] | None = (at[:0], stamps[:0])
        self._early: tuple[tuple[int, float], ...] | None = ()
        self.predicted: State = self.clock.state
        self.jumped = False
        self.jumps = 0
        self._since = SOON
        self._shift = 0.0
        self._weight = 0.0

    def copy(self) -> Line:
        """Return an independent copy."""
        other = Line.__new__(Line)
        other.__dict__.update(self.__dict__)
        other.clock = self.clock.copy()
        return other

    def follow(self, at: Ints, stamps: Floats) -> Iterator[int]:
        """Take measured stamps; yield each straight part of them.

        Args:
            at: Indices of the samples, ascending.
            stamps: Their stamps.

        Yields:
            Number of the part's stamps. ``clock`` is then at the part's last sample.
        """
        self._settle(at, stamps)
        parts = self._parts(at, stamps)
        blocks = [Block.of(at[part], stamps[part]) for part in parts]
        for number, block in enumerate(blocks):
            self.clock.advance(block.last)
            self.jumped = False
            leaves = _leaves(self.clock, block)
            if leaves and any(self._returns(later) for later in blocks[number + 1 :]):
                # A stall: the stamps return to the line, so no sample is missing.
                self.predicted = self.clock.state
                yield block.stamps
                continue
            if leaves:
                self._jump()
            else:
                self._since += 1
                self._drifted(block)
            self.predicted = self.clock.state
            self.clock.observe(block)
            self._refit(block)
            yield block.stamps

    def _refit(self, block: Block) -> None:
        """Fit the line to all stamps so far, while they are few and each came alone.

        The filter would keep for long what it took the first ones for, with a scatter that was
        not known yet.
        """
        if self._early is None:
            return
        if block.stamps > 1 or self.jumps or len(self._early) == REFITTED:
            self._early = None
            return
        self._early = (*self._early, (block.last, block.time))
        if len(self._early) < ENOUGH:
            return
        at = np.array([last for last, _ in self._early])
        stamps = np.array([time for _, time in self._early])
        _, rest, deviation = _usual(at, stamps)
        # The deviation of a few steps may come out far too small.
        if np.abs(rest).max() <= (SIGNIFICANT + ALONE) * (1 + FEW / len(at)) * deviation:
            self.clock.refit(at, stamps)

    def _settle(self, at: Ints, stamps: Floats) -> None:
        """Estimate period and scatter of the first stamps by medians."""
        if self._first is None:
            return
        at, stamps = np.r_[self._first[0], at], np.r_[self._first[1], stamps]
        if len(at) < ENOUGH:
            self._first = at, stamps
            return
        self._first = None
        period, _, deviation = _usual(at, stamps)
        counts = np.diff(at)
        if counts.max() > 1 and abs(period / self.clock.nominal - 1) > FAR:
            return  # short runs between gaps, rather than a rate that is so far off
        variance = (2 * deviation / float(counts.mean())) ** 2 / len(counts)
        self.clock.settle(period, max(variance, FLOOR**2 * period**2), deviation**2 / 2,
                          len(at))  # fmt: skip

    def _parts(self, at: Ints, stamps: Floats) -> list[slice]:
        """Split stamps where they leave the line."""
        if len(at) == 1:
            return [slice(0, 1)]
        clock = self.clock
        distances = np.diff(stamps) - np.diff(at) * clock.period
        scatter = (2 * (clock.scatter + clock.common)) ** 0.5
        unsure = clock.cov[2] ** 0.5 * np.diff(at)
        far = np.abs(distances) > np.maximum(
            LEAST_GAP * clock.period, (SIGNIFICANT + ALONE) * (scatter + unsure)
        )
        if not far.any():
            return [slice(0, len(at))]
        edges = [0, *(np.flatnonzero(far) + 1).tolist(), len(at)]
        return [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]

    def _returns(self, block: Block) -> bool:
        """Return whether a later block lies on the line before a jump."""
        later = self.clock.copy()
        later.advance(block.last)
        return not _leaves(later, block)

    def _jump(self) -> None:
        self.jumps += 1
        if self._since < SOON:
            self.clock.loosen(LOOSEN)
        self._since = 0
        self._shift = self._weight = 0.0
        self.jumped = True
        self.clock.release()

    def _drifted(self, block: Block) -> None:
        """Release the time if many blocks lie on one side of the line."""
        clock = self.clock
        distance, deviation = clock.surprise(block)
        share = block.stamps / (block.stamps + SHIFT_S / clock.period)
        self._shift += share * (distance - self._shift)
        self._weight += share * (1 - self._weight)
        variance = clock.variance(block) * share / (2 - share)
        variance += max(0.0, deviation**2 - clock.variance(block))
        significant = SIGNIFICANT * variance**0.5
        if self._weight > 0.6 and abs(self._shift) > max(LEAST_GAP * clock.period, significant):
            self._jump()


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

    def straighten(self, times: Floats, lost: int = 0, arrived: float | None = None) -> Floats:
        """Return even times for one chunk, strictly ascending also between chunks.

        Samples with stamps that are not finite keep them.

        Args:
            times: Stamps of the next samples, seconds.
            lost: Number of samples that are missing before them, if the device counts.
            arrived: When they arrived, seconds, if known.
        """
        good = np.isfinite(times)
        if not np.logical_and.reduce(good):
            even = np.asarray(times, np.float64).copy()
            if good.any():
                even[good] = self.straighten(times[good], lost, arrived)
            return even
        if not len(times):
            return times
        self._count += lost
        first, self._count = self._count, self._count + len(times)
        at = np.arange(first, self._count)
        known, stamps = self._measured(at, times, self._another(len(times), lost, arrived))
        even = self._place(at, known, stamps)
        even = self._ascending(even)
        self._newest = float(even[-1])
        return even

    def _another(self, samples: int, lost: int, arrived: float | None) -> bool:
        """Return whether these samples certainly do not continue the run before."""
        if arrived is None:
            return lost > 0
        elapsed, self._arrived = arrived - self._arrived, arrived
        return lost > 0 or apart(elapsed, samples, self._nominal)

    def _measured(self, at: Ints, times: Floats, another: bool) -> tuple[Ints, Floats]:
        """Return the samples whose stamps were measured; the last one may be pending."""
        before = self._stamp if at[0] else times[0] - 3 * self._nominal
        steps = np.empty(len(times))
        steps[0] = times[0] - before
        np.subtract(times[1:], times[:-1], out=steps[1:])
        chained = linked(steps, self._nominal)
        chained[0] &= not another
        self._stamp = float(times[-1])
        # Most chunks are one run, or have no run at all: at a third of the cost.
        if len(at) > 1 and chained[1:].all():
            return self._one_run(at, times, goes_on=bool(chained[0]))
        if self._pending is None and len(at) > 1 and not chained.any():
            self._run = self._usual_run = 1
            return at, times
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
        return known, stamps

    def _one_run(self, at: Ints, times: Floats, *, goes_on: bool) -> tuple[Ints, Floats]:
        """Return what ``_measured`` does for a chunk of one run, new or continued."""
        known, stamps = at[:0], times[:0]
        if self._pending is not None and (not goes_on or self._run > LONGEST_RUN):
            known, stamps = np.array(self._pending[:1]), np.array(self._pending[1:])
            self._usual_run = self._run
        self._run = self._run + len(at) if goes_on else len(at)
        self._pending = int(at[-1]), self._stamp
        return known, stamps

    def _place(self, at: Ints, known: Ints, stamps: Floats) -> Floats:
        """Return the times of the samples ``at``, each on its part of the line."""
        even = np.empty(len(at))
        done = 0
        if len(known):
            if self._line is None:
                self._line = Line(self._rate, known, stamps)
            done = self._fill(self._line, even, at, known, stamps)
        if self._pending is not None:
            # Its run may go on in the next chunk: use it now, but do not learn from it yet.
            more = max(0, self._usual_run - self._run)
            known = np.array([self._pending[0] + more])
            stamps = np.array([self._pending[1] + more * self._nominal])
            line = Line(self._rate, known, stamps) if self._line is None else self._line.copy()
            self._fill(line, even, at, known, stamps, done)
        return even

    @staticmethod
    def _fill(
        line: Line, even: Floats, at: Ints, known: Ints, stamps: Floats, done: int = 0
    ) -> int:
        """Write the times of the samples up to each part's last one; return how many."""
        used = 0
        for count in line.follow(known, stamps):
            used += count
            end = max(done, int(known[used - 1] - at[0]) + 1)
            even[done:end] = line.clock.at(at[done:end])
            done = end
        return done

    def _ascending(self, even: Floats) -> Floats:
        """Return times that follow those of the chunk before and each other."""
        if self._newest - float(even[-1]) > BACKWARDS:
            self._newest = -np.inf
        if even[0] > self._newest and np.logical_and.reduce(even[1:] > even[:-1]):
            return even
        least = CRAMPED * self._nominal
        ramp = np.arange(len(even)) * least
        floor = self._newest + least if np.isfinite(self._newest) else -np.inf
        cramped: Floats = np.maximum.accumulate(np.maximum(even - ramp, floor)) + ramp
        return cramped


def _leaves(clock: SampleClock, block: Block) -> bool:
    """Return whether a block lies off the line of a clock that was advanced to it."""
    distance, deviation = clock.surprise(block)
    significant = (SIGNIFICANT + ALONE / block.stamps) * deviation
    return abs(distance) > max(LEAST_GAP * clock.period, significant)


def _usual(at: Ints, stamps: Floats) -> tuple[float, Floats, float]:
    """Return the median period, the steps minus it, and their deviation."""
    counts, steps = np.diff(at), np.diff(stamps)
    period = float(np.median(steps / counts))
    rest = steps - counts * period
    return period, rest, float(np.median(np.abs(rest - np.median(rest)))) / 0.6745
