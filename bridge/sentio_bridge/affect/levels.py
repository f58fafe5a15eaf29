"""Rank of this moment in the person's own range, 0..1; no I/O, no clock.

What is known of a person's range is a histogram of the seconds that they spent at each value, and
the level of a moment is the share of it below the moment's value. Four things keep it honest:

- A prior of the population is in the histogram from the start, and never leaves it wholly.
- The square root of the seconds counts: a long stay at one value does not use up the range.
- A value counts as a stretch as wide as people vary while nothing happens, so that the noise of
  rest does not fill the range.
- Only the past counts, and it fades over ``MEMORY``.

What is learnt in a second moves a level by a few hundredths at most; what moves it quickly is the
fused value alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, sqrt

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_bridge.affect.evidence import UNIFORM_SD, Evidence

Floats = NDArray[np.float64]

BINS = 50
"""Of a histogram, over the range of its dimension."""

MEMORY = 1800.0
"""Seconds in which what was seen fades (e-fold)."""

EVERY = 1.0
"""Seconds between two values that are learnt; estimates of the same second are one."""

PRIOR = 40.0
"""Seconds that the population's distribution counts for."""

LEAST_PRIOR = 0.05
"""Share of a person's own seconds that the population's distribution counts for at least."""

MOST_KEPT = 900.0
"""Seconds of a profile's range that count in a new session: today may differ."""


@dataclass(frozen=True, slots=True)
class _Range:
    """Assumptions about a dimension's values.

    Attributes:
        low: Lower end; the upper end is 1.
        middle: Of the population.
        spread: Of the population's fused values.
        rest: Spread of one person's fused values while nothing happens.
    """

    low: float
    middle: float
    spread: float
    rest: float


RANGES: Mapping[str, _Range] = {
    "valence": _Range(-1.0, 0.0, 0.25, 0.10),
    "arousal": _Range(-1.0, 0.0, 0.30, 0.12),
    "stress": _Range(0.0, 0.20, 0.15, 0.05),
    "engagement": _Range(0.0, 0.40, 0.18, 0.16),
    "relaxation": _Range(0.0, 0.20, 0.15, 0.05),
    "focus": _Range(0.0, 0.40, 0.18, 0.16),
}
"""By the dimensions that have a level."""

ROUGH = 0.07
"""Deviation that no length of play takes from a level."""

CERTAINTY = 0.75
"""Share of a fused deviation that lasts for minutes: it shifts a person's past as much as their
present, and so leaves the rank alone. The rest widens it."""


_ENTRIES = {name: (f"{name}_sd", f"{name}_level", f"{name}_level_sd") for name in RANGES}
"""Names of a dimension's deviation, of its level, and of the level's deviation."""

_MOVING = sqrt(1.0 - CERTAINTY)


class KnownRange(msgspec.Struct, frozen=True, kw_only=True):
    """Stored range of a person in one dimension.

    Attributes:
        seconds: At each value: equal steps from the lower end of the dimension's range to 1.
    """

    seconds: list[float]

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for an invalid histogram."""
        if len(self.seconds) != BINS or not all(0.0 <= s < 1e9 for s in self.seconds):
            raise ValueError(f"a range is {BINS} numbers of seconds, each at least 0")


class RunningRange:
    """One person's range in one dimension, learnt from the past only.

    Args:
        name: Of the dimension.
    """

    def __init__(self, name: str) -> None:
        self._range = range_ = RANGES[name]
        edges = np.linspace(range_.low, 1.0, BINS + 1)
        centres = (edges[1:] + edges[:-1]) / 2.0
        prior = np.exp(-0.5 * ((centres - range_.middle) / range_.spread) ** 2)
        self._prior = prior / prior.sum()
        width = edges[1] - edges[0]
        # Share of each bin's stretch that lies below each edge: a logistic, near a Gaussian's.
        steps = (edges[:, None] - centres[None, :]) / max(range_.rest, width) * 1.702
        self._below = 1.0 / (1.0 + np.exp(-np.clip(steps, -40.0, 40.0)))
        self._before: Floats = np.zeros(BINS)
        self._session: Floats = np.zeros(BINS)
        self._last: float | None = None
        self._ranks: list[float] = []
        self._population = 1.0
        self._settle()

    def restore(self, known: KnownRange) -> None:
        """Take what a profile knows for what was before this session."""
        seconds = np.array(known.seconds)
        total = float(seconds.sum())
        self._before = seconds * min(1.0, MOST_KEPT / max(total, 1e-9))
        self._settle()

    def known(self) -> KnownRange:
        """Return what a profile should keep."""
        return KnownRange(seconds=[round(s, 2) for s in (self._before + self._session).tolist()])

    def learn(self, value: float, time: float) -> None:
        """Take the value of a moment; those within ``EVERY`` of the last are passed over."""
        if self._last is not None and time - self._last < EVERY:
            return
        step = EVERY if self._last is None else min(time - self._last, 2.0 * EVERY)
        passed = 0.0 if self._last is None else time - self._last
        self._last = time
        faded = exp(-passed / MEMORY)
        self._before *= faded
        self._session *= faded
        place = (value - self._range.low) / (1.0 - self._range.low) * BINS
        self._session[min(BINS - 1, max(0, int(place)))] += step
        self._settle()

    def level(self, value: float, deviation: float) -> tuple[float, float]:
        """Return the level of a value and its deviation.

        Args:
            value: Of the dimension.
            deviation: Of the value.
        """
        rank = self._rank(value)
        moving = deviation * _MOVING
        half = (self._rank(value + moving) - self._rank(value - moving)) / 2.0
        unknown = UNIFORM_SD * self._population
        return rank, min(UNIFORM_SD, sqrt(half * half + unknown * unknown + ROUGH * ROUGH))

    def _rank(self, value: float) -> float:
        place = (value - self._range.low) / (1.0 - self._range.low) * BINS
        # Comparisons instead of ``min`` and ``max``: this runs nine times a frame and more.
        place = place if place > 0.0 else 0.0
        index = int(place) if place < BINS else BINS - 1
        place = place if place < BINS else float(BINS)
        lower = self._ranks[index]
        return lower + (place - index) * (self._ranks[index + 1] - lower)

    def _settle(self) -> None:
        """Work out the rank of each edge."""
        seconds = self._before + self._session
        own = float(seconds.sum())
        prior = max(PRIOR * PRIOR / (PRIOR + own), LEAST_PRIOR * own)
        mass = np.sqrt(seconds + prior * self._prior)
        self._population = prior / (prior + own)
        self._ranks = (self._below @ (mass / mass.sum())).tolist()


class Levels:
    """The levels of one person."""

    def __init__(self) -> None:
        self._ranges = {name: RunningRange(name) for name in RANGES}

    def restore(self, known: Mapping[str, KnownRange]) -> None:
        """Take a profile's ranges for what was before this session."""
        nothing = KnownRange(seconds=[0.0] * BINS)
        for name, range_ in self._ranges.items():
            range_.restore(known.get(name, nothing))

    def known(self) -> dict[str, KnownRange]:
        """Return what a profile should keep."""
        return {name: range_.known() for name, range_ in self._ranges.items()}

    def learn(self, fused: Mapping[str, float], now: float) -> None:
        """Take the fused state; what is unknown teaches nothing."""
        for name, range_ in self._ranges.items():
            value = fused.get(name)
            if value is not None:
                range_.learn(value, now)

    def values(self, fused: Mapping[str, float]) -> dict[str, float]:
        """Return ``NAME_level`` and ``NAME_level_sd`` of each dimension that is known."""
        values: dict[str, float] = {}
        for name, range_ in self._ranges.items():
            if name in fused:
                of_value, of_level, of_deviation = _ENTRIES[name]
                level, deviation = range_.level(fused[name], fused[of_value])
                values[of_level] = min(1.0, max(0.0, level))
                values[of_deviation] = deviation
        return values

    @staticmethod
    def evidence(values: Mapping[str, float], fused: Mapping[str, Evidence]) -> dict[str, Evidence]:
        """Return age and confidence of each level.

        Args:
            values: Entries of the frame.
            fused: Evidence of the dimensions behind them.
        """
        found: dict[str, Evidence] = {}
        for name in RANGES:
            behind, deviation = fused.get(name), values.get(f"{name}_level_sd")
            if behind is not None and deviation is not None:
                narrower = max(0.0, 1.0 - deviation / UNIFORM_SD)
                found[f"{name}_level"] = Evidence(behind.age, max(narrower, behind.confidence))
        return found
