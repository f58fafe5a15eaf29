"""Time and period of a regular stream's samples, estimated from their stamps.

A Kalman filter with two states, so that a rate that differs from the nominal one leaves no bias.
A linear regression of all stamps is its limit for a period that never changes. The variance of the
stamps is estimated as well: exact stamps are followed at once, scattered ones are averaged.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from sentio_sensors.runtime.steps import FEW

SCATTER = 0.005
"""Standard deviation of a stamp before any is known, seconds."""

LEAST_SCATTER = 2e-5
"""Least standard deviation of a stamp, seconds: the resolution of clocks and schedulers."""

RATE_SD = 0.02
"""Standard deviation of the rate relative to the nominal one, before it is known."""

DRIFT = 1e-14
"""Variance by which the relative rate changes in a second: 2.4e-6 in ten minutes, as a crystal."""

MEMORY = 300.0
"""Stamps on which the estimated variance of a stamp is based."""

RELEASED = 1000.0
"""Variance of the time after a gap, s^2: nothing is known but the period."""

LEAST_PERIOD = 1e-3
"""Shortest period, in nominal ones."""

State = tuple[float, float, float, float, float]
"""Time, period, variance of time, covariance, variance of period."""


class Block(NamedTuple):
    """Stamps of several samples, reduced to what a straight line needs.

    Attributes:
        last: Index of the last sample.
        stamps: Number of stamps.
        offset: Mean index of the stamps relative to ``last``.
        time: Mean stamp, seconds.
        spread: Sum of the squared deviations of the indices from their mean.
        slope: Period by linear regression of these stamps alone; 0 without ``spread``.
        residual: Sum of the squared residuals of that regression.
    """

    last: int
    stamps: int
    offset: float
    time: float
    spread: float
    slope: float
    residual: float

    @classmethod
    def of(cls, at: NDArray[np.int64], stamps: NDArray[np.float64]) -> Block:
        """Reduce the stamps of the samples ``at``, both ascending and of equal length."""
        index = at.item(-1)
        if len(at) == 1:
            return cls(index, 1, 0.0, stamps.item(0), 0.0, 0.0, 0.0)
        offsets = (at - index).astype(np.float64)
        offset, time = float(offsets.mean()), float(stamps.mean())
        offsets -= offset
        deviations = stamps - time
        spread = float(offsets @ offsets)
        slope = float(offsets @ deviations) / spread
        residual = max(0.0, float(deviations @ deviations) - slope * slope * spread)
        return cls(index, len(at), offset, time, spread, slope, residual)


class SampleClock(msgspec.Struct):
    """Estimate of when the samples of a regular stream were taken.

    Attributes:
        nominal: Nominal period, seconds.
        index: Index of the sample that ``time`` belongs to.
        time: Time of that sample, seconds.
        period: Estimated period, seconds.
        cov: Variance of time, covariance, variance of period.
        scatter: Variance of one stamp about its block's line, s^2.
        common: Variance that all stamps of a block share, s^2.
        weight: Stamps that ``scatter`` is based on.
        blocks: Blocks that ``common`` is based on.
    """

    nominal: float
    index: int
    time: float
    period: float
    cov: tuple[float, float, float]
    scatter: float = SCATTER**2
    common: float = 0.0
    weight: float = 1.0
    blocks: float = 1.0

    @classmethod
    def start(cls, rate_hz: float, index: int, time: float) -> SampleClock:
        """Return a clock that knows the nominal rate and one stamp."""
        nominal = 1.0 / rate_hz
        return cls(nominal, index, time, nominal, (RELEASED, 0.0, (RATE_SD * nominal) ** 2))

    @property
    def state(self) -> State:
        """The state that a smoother needs."""
        return (self.time, self.period, *self.cov)

    def copy(self) -> SampleClock:
        """Return an independent copy."""
        return replace(self)

    def between(self, first: int, end: int) -> NDArray[np.float64]:
        """Return the times of the samples ``first`` to ``end - 1``, seconds."""
        after, until = first - self.index, end - self.index
        if until - after <= FEW:
            return np.array([n * self.period + self.time for n in range(after, until)])
        times = np.arange(after, until, dtype=np.float64)
        times *= self.period
        times += self.time
        return times

    def advance(self, index: int) -> None:
        """Predict the state for the sample ``index``."""
        n = index - self.index
        if not n:
            return
        a, b, c = self.cov
        self.index = index
        self.time += n * self.period
        drift = DRIFT * abs(n) * self.period**3
        self.cov = (a + n * (2 * b + n * c), b + n * c, c + drift)

    def release(self) -> None:
        """Forget the time but not the period: samples are missing before the next ones."""
        self.cov = (RELEASED, 0.0, self.cov[2])

    def settle(self, period: float, variance: float, scatter: float, stamps: int) -> None:
        """Take what the first stamps show together, where that is more certain.

        Args:
            period: Their median period, seconds.
            variance: Its variance, s^2.
            scatter: Variance of a stamp, s^2.
            stamps: Number of stamps that it is based on.
        """
        a, _, c = self.cov
        if variance < c:
            self.period = self._possible(period)
            self.cov = (a, 0.0, variance)
        self.scatter, self.weight = scatter, min(MEMORY, float(stamps))

    def refit(self, at: NDArray[np.int64], stamps: NDArray[np.float64]) -> None:
        """Replace the state by the linear regression of all stamps so far.

        Args:
            at: Indices of their samples, ascending, at least four.
            stamps: These stamps, each with an error of its own.
        """
        n = len(at)
        block = Block.of(at, stamps)
        self.scatter, self.weight = block.residual / (n - 2), float(n)
        variance = self.scatter * n / (n - 3) + LEAST_SCATTER**2
        self.index, self.period = block.last, self._possible(block.slope)
        self.time = block.time - block.offset * self.period
        c = variance / block.spread
        k = -block.offset
        self.cov = (variance / n + k * k * c, k * c, c)

    def _possible(self, period: float) -> float:
        """Return a period above 0, also of a sender that repeats one stamp."""
        return max(period, LEAST_PERIOD * self.nominal)

    def loosen(self, factor: float) -> None:
        """Trust the period less: it predicts badly."""
        a, b, c = self.cov
        self.cov = (a, b, min(c * factor, (0.5 * self.nominal) ** 2))

    def variance(self, block: Block) -> float:
        """Return the variance of a block's mean stamp, s^2."""
        return self.scatter / block.stamps + self.common + LEAST_SCATTER**2

    def surprise(self, block: Block) -> tuple[float, float]:
        """Return a block's prediction error and its standard deviation, seconds.

        The state must have been advanced to the block.
        """
        a, b, c = self.cov
        k = block.offset
        variance = a + k * (2 * b + k * c) + self.variance(block)
        return block.time - (self.time + k * self.period), float(variance**0.5)

    def observe(self, block: Block, distance: float, deviation: float) -> None:
        """Correct the state, which must have been advanced to the block.

        Args:
            block: The stamps.
            distance: Of ``surprise``.
            deviation: Of ``surprise``.
        """
        self._learn(block, distance, deviation)
        self._update(1.0, block.offset, distance, self.variance(block))
        if block.spread:
            self._update(0.0, 1.0, block.slope - self.period, self._slope_variance(block))

    def _slope_variance(self, block: Block) -> float:
        return (self.scatter + LEAST_SCATTER**2) / block.spread

    def _update(self, of_time: float, of_period: float, distance: float, variance: float) -> None:
        """Correct the state by one scalar measurement."""
        a, b, c = self.cov
        to_time = a * of_time + b * of_period
        to_period = b * of_time + c * of_period
        total = to_time * of_time + to_period * of_period + variance
        self.time += to_time / total * distance
        self.period = self._possible(self.period + to_period / total * distance)
        self.cov = (
            a - to_time * to_time / total,
            b - to_time * to_period / total,
            c - to_period * to_period / total,
        )

    def _learn(self, block: Block, distance: float, deviation: float) -> None:
        """Estimate how much stamps scatter, about a line and together.

        A distance is evidence about the stamps only as far as the state is known.
        """
        expected = self.variance(block)
        excess = max(0.0, distance**2 - deviation**2 + expected)
        sure = (expected / deviation**2) ** 2
        if block.stamps >= 3:
            freedom = block.stamps - 2
            self.weight = min(MEMORY, self.weight + freedom)
            gain = min(0.9, freedom / self.weight)
            self.scatter += gain * (block.residual / freedom - self.scatter)
            self.blocks = min(MEMORY / 10, self.blocks + sure)
            shared = excess - self.scatter / block.stamps
            self.common = max(0.0, self.common + sure * (shared - self.common) / self.blocks)
        else:
            self.weight = min(MEMORY, self.weight + sure)
            self.scatter += sure * (excess * block.stamps - self.scatter) / self.weight
