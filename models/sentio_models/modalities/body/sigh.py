"""Sighs in the signal of a respiration belt.

A sigh is a breath of at least twice the usual depth, often with a pause after it (Vlemincx et al.
2013). How deep a breath usually is, and how much that varies, is the person's own; a sigh's depth
and its pause are population values. Bayes' rule gives the probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, pi, sqrt

import numpy as np

from sentio_models.modalities.body.signals import Floats, grid, middle, moving_mean
from sentio_models.window import Signal

RATE_HZ = 8.0
"""Rate of the grid: a breath has nothing above 1 Hz."""

SECONDS = 60.0
"""Seconds that are looked at: the breaths that a sigh is compared with."""

SMOOTH = 0.5
"""Seconds of the moving mean before extremes are looked for."""

TURN = 0.3
"""Part of a usual swing by which the signal must return to end a swing."""

LEAST = 8
"""Swings (half breaths) before one can be a sigh."""

DEEP, DEEP_SD = log(2.7), 0.3
"""Logarithm of a sigh's depth in usual depths, and its deviation between sighs."""

USUAL_SD = 0.18
"""Least deviation of the logarithm of usual depths: five breaths say little of it."""

PRIOR = 1.0 / 40.0
"""Share of breaths that are sighs: about a dozen an hour at rest, more under stress."""

PAUSE, PAUSED, NOT_PAUSED = 0.7, 4.0, 0.5
"""Parts of a usual breath without a new breath after the sigh, and what a pause and its absence
say for a sigh (ratio of likelihoods)."""

SURE = 0.8
"""Probability from which a sigh is reported."""

SHORTEST, LONGEST = 0.5, 6.0
"""Seconds that a swing of breathing takes."""

KEPT = 12.0
"""Seconds for which the newest sigh stays in the answer."""

APART = 6.0
"""Seconds between the starts of two sighs, at least: breathing out is as large as breathing in."""


@dataclass(frozen=True, slots=True)
class Sigh:
    """Newest sigh.

    Attributes:
        age: Seconds since the breath began.
        size: Its depth in usual depths.
        probability: That it is a sigh, 0..1.
    """

    age: float
    size: float
    probability: float


@dataclass(frozen=True, slots=True)
class _Swings:
    """Half breaths: starts, ends and sizes, the last one still growing."""

    starts: Floats
    ends: Floats
    sizes: Floats


class SighDetector:
    """Detector of sighs of one person; the same windows give the same answers."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget the person."""
        self._now = 0.0
        self._found: tuple[float, float, float] | None = None

    def update(self, signal: Signal | None, step: float) -> Sigh | None:
        """Take the newest window.

        Args:
            signal: A respiration belt of any polarity; None while there is none.
            step: Seconds since the window before; ``inf`` for the first.

        Returns:
            The newest sigh of the last 12 s, with what is known of it until now.
        """
        if not step < SECONDS:
            self.restart()
            step = 0.0
        self._now += step
        if signal is not None:
            self._look(signal)
        found = self._found
        if found is None or self._now - found[0] > KEPT:
            return None
        return Sigh(self._now - found[0], found[1], found[2])

    def _look(self, signal: Signal) -> None:
        even = grid(signal, RATE_HZ, SECONDS)
        if even is None or not even.good[-round(LONGEST * RATE_HZ) :].all():
            return
        swings = _swings(moving_mean(even.values, round(SMOOTH * RATE_HZ)))
        if len(swings.sizes) < LEAST + 1:
            return
        before = swings.sizes[:-3] if len(swings.sizes) > LEAST + 3 else swings.sizes[:-1]
        usual = middle(before)
        logs = np.log(np.maximum(before, 1e-3 * usual) / usual)
        spread = max(USUAL_SD, 1.4826 * middle(np.abs(logs)))
        for index in range(max(LEAST, len(swings.sizes) - 3), len(swings.sizes)):
            self._weigh(swings, index, usual, spread)

    def _weigh(self, swings: _Swings, index: int, usual: float, spread: float) -> None:
        start, end = float(swings.starts[index]), float(swings.ends[index])
        if not SHORTEST <= end - start <= LONGEST:
            return
        size = float(swings.sizes[index]) / max(usual, 1e-12)
        began = self._now + start
        before = self._found
        new = before is None or began > before[0] + APART
        if not new and before is not None and abs(began - before[0]) > 1.0:
            return
        odds = _odds(size, spread)
        period = 2.0 * middle(np.diff(swings.starts))
        rest = _rest(swings, index, period)
        if rest is not None:
            odds *= PAUSED if rest else NOT_PAUSED
        probability = odds / (1.0 + odds)
        if new and probability < SURE:
            return
        if new or before is None:
            self._found = (began, size, probability)
        elif size >= before[1]:
            self._found = (before[0], size, probability)


def _odds(size: float, spread: float) -> float:
    """Return the odds of a sigh by its depth."""
    if size <= 1.0:
        return 0.0
    depth = min(log(size), DEEP)  # a deeper one counts as much
    sigh = exp(-0.5 * ((depth - DEEP) / DEEP_SD) ** 2) / DEEP_SD
    breath = exp(-0.5 * (depth / spread) ** 2) / spread + 1e-3 / sqrt(2.0 * pi)
    return PRIOR / (1.0 - PRIOR) * sigh / breath


def _rest(swings: _Swings, index: int, period: float) -> bool | None:
    """Return whether a pause follows the sigh; None while that cannot be known."""
    out = index + 1  # the swing back
    if out >= len(swings.starts):
        return None
    pause = PAUSE * period
    if out + 1 < len(swings.starts):
        return float(swings.starts[out + 1] - swings.starts[out]) > pause + 0.5 * period
    return True if -float(swings.starts[out]) > pause + 0.5 * period else None


def _swings(values: Floats) -> _Swings:
    """Return the half breaths, between extremes ``TURN`` of a swing apart."""
    low, high = np.percentile(values, [20.0, 80.0])
    turn = TURN * max(float(high - low), 1e-12)
    marks: list[int] = []
    up: bool | None = None
    top = bottom = 0
    for index, value in enumerate(values.tolist()):
        if value > values[top]:
            top = index
        if value < values[bottom]:
            bottom = index
        if up is not False and value < values[top] - turn:
            marks.append(top)
            up, bottom = False, index
        elif up is not True and value > values[bottom] + turn:
            marks.append(bottom)
            up, top = True, index
    if not marks:
        return _Swings(np.empty(0), np.empty(0), np.empty(0))
    marks.append(top if up else bottom)
    at = np.array(marks)
    times = (at - (len(values) - 1)) / RATE_HZ
    sizes = np.abs(np.diff(values[at]))
    return _Swings(times[:-1], times[1:], sizes)
