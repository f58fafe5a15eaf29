"""Changes of a dimension by a two-sided cumulative sum; no I/O, no clock.

The test is that of Page (1954). The fused mean is compared with where the dimension was settled.
What exceeds a tolerance of ``SLACK`` spreads is summed up, upwards and downwards apart, and a sum
above ``THRESHOLD`` is a change. It began when its sum was last 0. Then the new place settles for a
few seconds, so that one change is reported once.

The spread is what the dimension moves while nothing happens, and is learnt from the person: the
mean distance of the value from its own short average, over minutes, without what exceeds a few
such distances, so that changes do not count. A dimension whose estimates are noisy in rest, as
those of EEG, thereby needs a larger change than one that is quiet. A least spread covers the first
seconds, and grows with the fused deviation. All constants were fitted on simulated persons, with
one false alarm in five minutes of rest over all dimensions as the limit;
``sentio bench --suite felt`` measures others: steps found, and false alarms in rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

EVERY = 0.25
"""Seconds between two looks."""

SLACK = 2.25
"""Largest distance from the settled value, in spreads, that is never a change."""

THRESHOLD = 0.75
"""Sum of spreads times seconds from which there is a change."""

SURE = 6.0
"""The same, from which it is as sure as it can be."""

SETTLE = 8.0
"""Seconds after a change in which the new place is found."""

START = 15.0
"""Seconds after a first value, in which the mean leaves the prior for the person."""

QUICK, SLOW = 2.0, 60.0
"""Seconds in which the settled place follows the value (e-fold): while it settles, and most."""

SMOOTH = 3.0
"""Seconds over which the value is averaged that its distance is measured from (e-fold)."""

NOISE_MEMORY = 120.0
"""Seconds over which a dimension's noise is learnt (e-fold)."""

LARGEST = 3.5
"""Times the known noise at which a distance is cut before it counts as noise."""

SPREADS_OF_NOISE = 2.2
"""Spreads of a deviation of noise: the short average hides the slow part of it."""

FROM_MEAN = 1.25
"""Deviation of a normal distribution over its mean absolute distance."""

GAP = 5.0
"""Seconds without a value after which everything starts again."""

SPREADS: Mapping[str, float] = {
    "valence": 0.025,
    "arousal": 0.08,
    "stress": 0.015,
    "engagement": 0.04,
    "relaxation": 0.04,
    "focus": 0.055,
}
"""Least spread of each dimension that is watched."""

SUGGESTED = {"relaxation": 0.02}
"""The same where arousal is known, which suggests the dimension: EEG alone is noisier."""

CERTAIN = 0.3
"""Fused deviation, of affect, at which the least spreads hold; a less certain one needs more."""


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
    """Watch of one dimension."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._half = 1.0 if name in ("valence", "arousal") else 0.5
        self._time: float | None = None
        self._settled = 0.0
        self._until = 0.0
        self._known = QUICK
        self._smooth = 0.0
        self._noise = 0.0
        self._sums = [0.0, 0.0]
        self._onsets = [0.0, 0.0]

    def take(self, value: float, deviation: float, least: float, now: float) -> Change | None:
        """Take the fused mean and deviation at a time; return a change once it is one.

        Args:
            value: Mean.
            deviation: Of it.
            least: Least spread of the dimension.
            now: LSL clock, seconds.
        """
        if self._time is None or now - self._time > GAP:
            self._start(value, least, now)
            return None
        step = now - self._time
        if step < EVERY:
            return None
        self._time = now
        least *= max(1.0, deviation / (CERTAIN * self._half))
        settling = now < self._until
        distance = abs(value - self._smooth)
        self._smooth += (1.0 - exp(-step / SMOOTH)) * (value - self._smooth)
        if settling:
            self._settled += (1.0 - exp(-step / QUICK)) * (value - self._settled)
            return None
        self._learn(distance, least, step)
        moved = (value - self._settled) / max(least, SPREADS_OF_NOISE * self._noise)
        if abs(moved) < SLACK:
            # A mean at first, so that a single moment is soon forgotten.
            self._known = min(self._known + step, SLOW)
            self._settled += (1.0 - exp(-step / self._known)) * (value - self._settled)
        return self._sum_up(moved, value, step)

    def _start(self, value: float, least: float, now: float) -> None:
        self._time, self._settled, self._until = now, value, now + START
        self._known, self._smooth, self._sums = QUICK, value, [0.0, 0.0]
        self._noise = least / SPREADS_OF_NOISE

    def _learn(self, distance: float, least: float, step: float) -> None:
        """Learn from how far the value is from its short average."""
        most = LARGEST * max(self._noise, least / SPREADS_OF_NOISE)
        share = 1.0 - exp(-step / NOISE_MEMORY)
        self._noise += share * (FROM_MEAN * min(distance, most) - self._noise)

    def _sum_up(self, moved: float, value: float, step: float) -> Change | None:
        assert self._time is not None
        for side, signed in enumerate((moved, -moved)):
            if self._sums[side] == 0.0:
                self._onsets[side] = self._time - step
            self._sums[side] = max(0.0, self._sums[side] + step * (signed - SLACK))
        side = 0 if self._sums[0] >= self._sums[1] else 1
        if self._sums[side] < THRESHOLD:
            return None
        sure = min(1.0, (self._sums[side] - THRESHOLD) / (SURE - THRESHOLD))
        change = Change(
            self._name,
            side == 0,
            self._onsets[side],
            self._settled,
            value,
            min(1.0, 0.9 + 0.1 * sure),
        )
        self._sums, self._settled, self._known = [0.0, 0.0], value, QUICK
        self._until = self._time + SETTLE
        return change


class Changes:
    """Watch of all dimensions of one person."""

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
                least = SUGGESTED.get(name, SPREADS[name]) if "arousal" in fused else SPREADS[name]
                change = watch.take(fused[name], fused[f"{name}_sd"], least, now)
                if change is not None:
                    found.append(change)
        return found
