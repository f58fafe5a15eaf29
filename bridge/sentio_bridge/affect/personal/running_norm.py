"""Usual value of one number, learnt from the past only; no I/O, no clock."""

from __future__ import annotations

from math import exp, sqrt

from sentio_models import Norm


class RunningNorm:
    """A running mean and spread that forgets slowly and never sees the future.

    How many independent windows they rest on counts the seconds between values, not the values:
    thirty a second add little to one.

    Args:
        norm: Where to start, from a profile; None to start from nothing.
        tau: Seconds in which the past fades (e-fold).
        apart: Seconds that make two values independent: about the window behind them.
        least: Independent windows before anything is called usual.
    """

    __slots__ = ("_apart", "_last", "_least", "_mean", "_tau", "_variance", "_weight")

    def __init__(
        self,
        norm: Norm | None = None,
        *,
        tau: float = 300.0,
        apart: float = 2.0,
        least: float = 8.0,
    ) -> None:
        self._tau, self._apart, self._least = tau, apart, least
        self._mean = norm.mean if norm else 0.0
        self._variance = norm.sd**2 if norm else 0.0
        self._weight = max(norm.weight, least) if norm else 0.0
        self._last: float | None = None

    def deviation(self, value: float) -> tuple[float, float]:
        """Return the difference from what is usual, plain and in standard deviations.

        Both are 0 as long as nothing is called usual.
        """
        norm = self.norm()
        if norm is None:
            return 0.0, 0.0
        return value - norm.mean, (value - norm.mean) / norm.sd

    def learn(self, value: float, time: float) -> bool:
        """Take in a value and return True; one not newer than all is ignored."""
        if self._last is not None and time <= self._last:
            return False
        step = self._apart if self._last is None else time - self._last
        self._last = time
        added = min(1.0, step / self._apart)
        total = self._weight + added
        rate = max(added / total, 1.0 - exp(-min(step, self._apart) / self._tau))
        difference = value - self._mean
        self._mean += rate * difference
        self._variance = (1.0 - rate) * (self._variance + rate * difference * difference)
        self._weight = min(total, self._tau / self._apart)
        return True

    def norm(self) -> Norm | None:
        """Return what was learnt, or None where that is too little."""
        if self._weight < self._least or self._variance <= 1e-18:
            return None
        return Norm(self._mean, sqrt(self._variance), self._weight)
