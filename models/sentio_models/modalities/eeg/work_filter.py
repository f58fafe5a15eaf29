"""Track how likely a person works, without a rest recorded first.

People differ in their own level as much as work changes it. The filter keeps a joint belief about
the person's level and the two states, rest and work; each score narrows it. Before the first
change of state it relies on the population, afterwards on the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, isfinite

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVELS = 49
"""Number of levels in the grid, over five spreads to either side."""

_GRID = np.linspace(-5.0, 5.0, LEVELS)
# Heavier tails than a normal distribution: other amplifiers and references are farther off.
_WEIGHT = (1 + _GRID**2 / 4) ** -2.5
_WEIGHT = np.stack([_WEIGHT, _WEIGHT]) / (2 * _WEIGHT.sum())

TAIL = 3.0
"""Degrees of freedom of the score's t distribution: artefacts are expected."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Distribution of scores.

    Attributes:
        centre: Level of a person between rest and work, median of the population.
        spread: Deviation of this level between people.
        step: Change of the score from rest to work.
        noise: Scale of the score within one state.
        calm_spread: Deviation of a rest from the calm of a profile, relative to which the scores
            are then measured.
        calm_step: Change of the score from calm to work.
        switch_s: Mean duration of a state, seconds.
        forget_s: Time after which an old level no longer counts, seconds.
    """

    centre: float
    spread: float
    step: float
    noise: float
    calm_spread: float
    calm_step: float
    switch_s: float = 60.0
    forget_s: float = 1800.0

    @classmethod
    def of(cls, constants: Mapping[str, float]) -> Expected:
        """Read a manifest's constants."""
        return cls(**{name: float(value) for name, value in constants.items()})

    def means(self, calm: bool) -> Floats:
        """Return the expected scores of rest and work, shape ``(2, LEVELS)``."""
        if calm:
            level = self.calm_spread * _GRID
            return np.stack([level, level + self.calm_step])
        level = self.centre + self.spread * _GRID
        return np.stack([level - self.step / 2, level + self.step / 2])


def start(shape: tuple[int, ...] = ()) -> Floats:
    """Return the belief before the first score, shape ``(*shape, 2, LEVELS)``."""
    return np.broadcast_to(_WEIGHT, (*shape, 2, LEVELS)).copy()


def advance(
    belief: Floats, score: Floats, means: Floats, expected: Expected, seconds: float
) -> Floats:
    """Return the belief after a score.

    Args:
        belief: Shape ``(..., 2, LEVELS)``.
        score: Shape ``(...)``.
        means: ``Expected.means``.
        expected: The distribution.
        seconds: Time since the previous score.
    """
    switched = 0.5 - 0.5 * exp(-2 * seconds / expected.switch_s)
    forgotten = 1 - exp(-seconds / expected.forget_s)
    moved = belief + switched * (belief[..., ::-1, :] - belief)
    moved += forgotten * (_WEIGHT - moved)
    distance = (score[..., None, None] - means) / expected.noise
    moved /= (1 + distance * distance / TAIL) ** ((TAIL + 1) / 2)
    moved /= moved.sum(axis=(-2, -1), keepdims=True)
    return np.asarray(moved, np.float64)


class WorkFilter:
    """Filter of one person.

    Args:
        expected: Distribution of scores.
    """

    def __init__(self, expected: Expected) -> None:
        self._expected = expected
        self.restart(calm=False)

    def restart(self, *, calm: bool) -> None:
        """Forget the person; ``calm``: scores are measured from their calm."""
        self._means = self._expected.means(calm)
        self._belief = start()

    def add(self, score: float, seconds: float) -> float:
        """Add a score; return the probability of work, 0..1.

        Args:
            score: Output of the head.
            seconds: Time since the previous score; ``inf`` for the first.
        """
        if isfinite(score):
            self._belief = advance(
                self._belief, np.array(score), self._means, self._expected, min(seconds, 3600.0)
            )
        return float(self._belief[1].sum())
