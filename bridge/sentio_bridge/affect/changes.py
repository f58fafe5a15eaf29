"""When a dimension has really moved: a two-sided cumulative sum (Page 1954); no I/O, no clock.

The fused mean is compared with where the dimension was settled. What exceeds a tolerance of
``SLACK`` spreads is summed up, upwards and downwards apart, and a sum above ``THRESHOLD`` is a
change. It began when its sum last stood at 0. Then the new place settles for a few seconds, so
that one change is reported once.

The spread is what the fused mean moves while nothing happens, which is less than its deviation:
most of that is an offset which stays. It grows where the mean has jittered lately, as with smiles
that come and go. Spread, slack and threshold were fitted on simulated
persons; ``sentio bench --suite felt`` measures others: steps found, and false alarms in rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, sqrt

EVERY = 0.25
"""Seconds between two looks."""

SLACK = 1.0
"""Spreads from the settled place that are no change, however long they last."""

THRESHOLD = 2.0
"""Sum of spreads times seconds from which there is a change."""

SURE = 6.0
"""The same, from which it is as sure as it can be."""

SETTLE = 5.0
"""Seconds after a change in which the new place is found."""

START = 15.0
"""Seconds after a first value, in which the mean leaves the prior for the person."""

QUICK, SLOW = 2.0, 25.0
"""Seconds in which the settled place follows the value, after a change and else (e-fold)."""

SMOOTH, JITTER = 1.5, 15.0
"""Seconds over which the value is averaged, and over which its distance from that is."""

SHARE = 4.0
"""Of that distance's square that counts."""

GAP = 5.0
"""Seconds without a value after which everything starts anew."""

SPREADS: Mapping[str, float] = {
    "valence": 0.03,
    "arousal": 0.12,
    "stress": 0.045,
    "engagement": 0.06,
    "relaxation": 0.06,
    "focus": 0.085,
}
"""What the fused mean of each dimension moves at rest, by the dimensions that are watched."""

CERTAIN = 0.3
"""Fused deviation, of affect, at which the spreads hold; a less certain one needs more."""


@dataclass(frozen=True, slots=True)
class Change:
    """A dimension has moved.

    Attributes:
        name: Of the dimension.
        up: Whether it rose.
        onset: When it began (LSL clock, seconds).
        before: Where it was settled.
        after: Where it is now.
        probability: 0.9..1, how surely it moved.
    """

    name: str
    up: bool
    onset: float
    before: float
    after: float
    probability: float


class _Watch:
    """Watches one dimension."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._low = 0.0 if name not in ("valence", "arousal") else -1.0
        self._time: float | None = None
        self._settled = 0.0
        self._until = 0.0
        self._smooth = 0.0
        self._jitter = 0.0
        self._sums = [0.0, 0.0]
        self._onsets = [0.0, 0.0]

    def take(self, value: float, deviation: float, now: float) -> Change | None:
        """Take the fused mean and deviation at a time; return a change once it is one."""
        if self._time is None or now - self._time > GAP:
            self._time, self._settled, self._until = now, value, now + START
            self._smooth, self._jitter, self._sums = value, 0.0, [0.0, 0.0]
            return None
        step = now - self._time
        if step < EVERY:
            return None
        self._time = now
        settling = now < self._until
        tau = QUICK if settling else SLOW
        spread = SPREADS[self._name] * max(1.0, deviation / (CERTAIN * (1.0 - self._low) / 2.0))
        spread = max(spread, sqrt(self._jitter))
        self._smooth += (1.0 - exp(-step / SMOOTH)) * (value - self._smooth)
        apart = value - self._smooth
        self._jitter += (1.0 - exp(-step / JITTER)) * (SHARE * apart * apart - self._jitter)
        moved = (value - self._settled) / spread
        quiet = abs(moved) < SLACK
        if settling or quiet:
            self._settled += (1.0 - exp(-step / tau)) * (value - self._settled)
        if settling:
            return None
        for side, signed in enumerate((moved, -moved)):
            if self._sums[side] == 0.0:
                self._onsets[side] = now - step
            self._sums[side] = max(0.0, self._sums[side] + step * (signed - SLACK))
        side = 0 if self._sums[0] >= self._sums[1] else 1
        if self._sums[side] < THRESHOLD:
            return None
        sure = min(1.0, (self._sums[side] - THRESHOLD) / (SURE - THRESHOLD))
        probability = min(1.0, 0.9 + 0.1 * sure)
        change = Change(
            self._name, side == 0, self._onsets[side], self._settled, value, probability
        )
        self._sums, self._settled, self._until = [0.0, 0.0], value, now + SETTLE
        return change


class Changes:
    """Watches the dimensions of one person."""

    def __init__(self) -> None:
        self._watched = {name: _Watch(name) for name in SPREADS}

    def take(self, fused: Mapping[str, float], now: float) -> list[Change]:
        """Take the fused state at ``now``; return the changes that have become sure.

        Args:
            fused: Known entries by name: ``arousal``, ``arousal_sd``, ...
            now: LSL clock, seconds, ascending.
        """
        found: list[Change] = []
        for name, watch in self._watched.items():
            if name in fused:
                change = watch.take(fused[name], fused[f"{name}_sd"], now)
                if change is not None:
                    found.append(change)
        return found
