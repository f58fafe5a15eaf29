"""Straight line through the stamps of a regular stream, with its gaps; no clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

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


class Line(msgspec.Struct, kw_only=True):
    """Follows a stream's samples through gaps.

    Attributes:
        clock: The estimate.
        predicted: State of the clock before it took the newest part.
        jumped: Whether samples are missing before that part.
        jumps: Number of gaps or steps of the sender's clock.
        settled: State from which the parts go on after the first stamps changed the period; None
            before.
    """

    clock: SampleClock
    predicted: State
    jumped: bool = False
    jumps: int = 0
    settled: State | None = None
    _first: tuple[Ints, Floats] | None
    _early: tuple[tuple[int, float], ...] | None = ()
    _deviation: float
    _since: int = SOON
    _shift: float = 0.0
    _weight: float = 0.0

    @classmethod
    def start(cls, rate_hz: float, at: Ints, stamps: Floats, deviation: float = 0.0) -> Line:
        """Return a line before its first stamp.

        Args:
            rate_hz: Nominal rate, above 0.
            at: Indices of the first measured stamps, which ``follow`` takes next.
            stamps: These stamps.
            deviation: Standard deviation of a step between stamps, if it is known, seconds: that
                of the first few may come out far too small.
        """
        clock, first = (
            SampleClock.start(rate_hz, int(at[0]), float(stamps[0])),
            (at[:0], stamps[:0]),
        )
        return cls(clock=clock, predicted=clock.state, _first=first, _deviation=deviation)

    def copy(self) -> Line:
        """Return an independent copy."""
        return replace(self, clock=self.clock.copy())

    def shift(self, seconds: float) -> None:
        """Move the line and the stamps that it rests on by ``seconds``."""
        self.clock.time += seconds
        self.predicted = (self.predicted[0] + seconds, *self.predicted[1:])
        if self._first is not None:
            self._first = self._first[0], self._first[1] + seconds
        if self._early is not None:
            self._early = tuple((index, stamp + seconds) for index, stamp in self._early)

    def follow(self, at: Ints, stamps: Floats) -> Iterator[int]:
        """Take measured stamps; yield each straight part of them.

        Args:
            at: Indices of the samples, ascending.
            stamps: Their stamps.

        Yields:
            Number of the part's stamps. ``clock`` is then at the part's last sample.
        """
        if self._first is not None:
            self._settle(*self._first, at, stamps)
        parts = self._parts(at, stamps)
        blocks = [Block.of(at[part], stamps[part]) for part in parts]
        for number, block in enumerate(blocks):
            self._take(block, blocks[number + 1 :])
            yield block.stamps

    def follow_one(self, index: int, stamp: float) -> None:
        """Take one measured stamp, as ``follow`` does."""
        if self._first is None:
            self._take(Block(index, 1, 0.0, stamp, 0.0, 0.0, 0.0))
        else:
            list(self.follow(np.array([index]), np.array([stamp])))

    def _take(self, block: Block, later: Sequence[Block] = ()) -> None:
        """Take one straight part; ``later`` are the known parts after it."""
        clock = self.clock
        clock.advance(block.last)
        self.jumped = False
        distance, deviation = clock.surprise(block)
        leaves = _leaves(clock, block, distance, deviation)
        if leaves and any(self._returns(other) for other in later):
            # A stall: the stamps return to the line, so no sample is missing.
            self.predicted = clock.state
            return
        if leaves:
            self._jump()
        else:
            self._since += 1
            self._drifted(block, distance, deviation)
        if self.jumped:
            distance, deviation = clock.surprise(block)
        self.predicted = clock.state
        clock.observe(block, distance, deviation)
        if self._early is not None:
            self._refit(self._early, block)

    def _refit(self, early: tuple[tuple[int, float], ...], block: Block) -> None:
        """Fit the line to all stamps so far, while they are few and each came alone.

        The filter would keep for long what it took the first ones for, with a scatter that was
        not known yet.
        """
        if block.stamps > 1 or self.jumps or len(early) == REFITTED:
            self._early = None
            return
        self._early = early = (*early, (block.last, block.time))
        if len(early) < ENOUGH:
            return
        at = np.array([last for last, _ in early])
        stamps = np.array([time for _, time in early])
        _, rest, deviation = usual(at, stamps)
        # The deviation of a few steps may come out far too small.
        if np.abs(rest).max() <= (SIGNIFICANT + ALONE) * (1 + FEW / len(at)) * deviation:
            self.clock.refit(at, stamps)

    def _settle(self, early: Ints, before: Floats, at: Ints, stamps: Floats) -> None:
        """Estimate period and scatter of the first stamps by medians."""
        at, stamps = np.r_[early, at], np.r_[before, stamps]
        if len(at) < ENOUGH:
            self._first = at, stamps
            return
        self._first = None
        period, _, few = usual(at, stamps)
        deviation = max(few, self._deviation)
        counts = np.diff(at)
        if counts.max() > 1 and abs(period / self.clock.nominal - 1) > FAR:
            return  # short runs between gaps, rather than a rate that is so far off
        variance = (2 * deviation / float(counts.mean())) ** 2 / len(counts)
        self.clock.settle(period, max(variance, FLOOR**2 * period**2), deviation**2 / 2,
                          len(at))  # fmt: skip
        self.settled = self.clock.state

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
        return not _leaves(later, block, *later.surprise(block))

    def _jump(self) -> None:
        self.jumps += 1
        if self._since < SOON:
            self.clock.loosen(LOOSEN)
        self._since = 0
        self._shift = self._weight = 0.0
        self.jumped = True
        self.clock.release()

    def _drifted(self, block: Block, distance: float, deviation: float) -> None:
        """Release the time if many blocks lie on one side of the line."""
        clock = self.clock
        share = block.stamps / (block.stamps + SHIFT_S / clock.period)
        self._shift += share * (distance - self._shift)
        self._weight += share * (1 - self._weight)
        own = clock.variance(block)
        variance = own * share / (2 - share) + max(0.0, deviation**2 - own)
        significant = SIGNIFICANT * variance**0.5
        if self._weight > 0.6 and abs(self._shift) > max(LEAST_GAP * clock.period, significant):
            self._jump()


def _leaves(clock: SampleClock, block: Block, distance: float, deviation: float) -> bool:
    """Return whether a block lies off the line of a clock that was advanced to it."""
    significant = (SIGNIFICANT + ALONE / block.stamps) * deviation
    return abs(distance) > max(LEAST_GAP * clock.period, significant)


def usual(at: Ints, stamps: Floats) -> tuple[float, Floats, float]:
    """Return the median period, the steps minus it, and their deviation.

    Args:
        at: Indices of at least two samples, ascending.
        stamps: Their stamps, seconds.
    """
    counts, steps = np.diff(at), np.diff(stamps)
    period = float(np.median(steps / counts))
    rest = steps - counts * period
    return period, rest, float(np.median(np.abs(rest - np.median(rest)))) / 0.6745
