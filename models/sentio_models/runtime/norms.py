"""Estimate a person's norms causally while running."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimator import Norm

Floats = NDArray[np.float64]


class RunningReference:
    """Running norms of several features: robust median and spread of the past.

    They start from a prior (of the population, or a person's profile) and move to the observed
    values as these outweigh the prior.

    Args:
        prior: Initial norms; defines the features and their order.
        spacing: Seconds between two entries: closer ones are redundant.
        memory: Length of the history, seconds; older entries are dropped, which bounds the cost.
        low: The quantile that represents a person at rest.
        first: Number of entries to learn from; later ones are ignored. All if None.
    """

    def __init__(
        self,
        prior: Mapping[str, Norm],
        *,
        spacing: float = 5.0,
        memory: float = 3600.0,
        low: float = 0.2,
        first: int | None = None,
    ) -> None:
        self.names = tuple(prior)
        self._population = dict(prior)
        self._spacing = spacing
        self._rows = max(1, round(memory / spacing))
        self._low = low
        self._first = first
        self.restart({})

    def restart(self, norms: Mapping[str, Norm]) -> None:
        """Reset to ``norms`` of the given features, else to the prior."""
        start = [norms.get(name, self._population[name]) for name in self.names]
        self._mean = np.array([n.mean for n in start])
        self._sd = np.array([max(n.sd, 1e-6) for n in start])
        self._weight = np.array([max(n.weight, 1e-3) for n in start])
        self._history = np.full((self._rows, len(self.names)), np.nan)
        self._count = 0
        self._due = 0.0
        self.centre, self.scale = self._mean.copy(), self._sd.copy()
        self.rest = self._mean - 0.8 * self._sd

    @property
    def moments(self) -> int:
        """Number of stored entries."""
        return min(self._count, self._rows)

    def compare(self, values: Floats) -> tuple[Floats, Floats]:
        """Return distances from median and rest, in spreads; NaN if unknown."""
        return (values - self.centre) / self.scale, (values - self.rest) / self.scale

    def learn(self, values: Floats | Sequence[float], step: float) -> bool:
        """Add an entry unless the last one is newer than ``spacing`` seconds.

        Args:
            values: Values in the order of ``names``; NaN if unknown.
            step: Seconds since the previous call; ``inf`` for the first.

        Returns:
            Whether an entry was added: the norms may differ.
        """
        self._due -= step
        if self._due > 0 or self._count == self._first:
            return False
        self._due = max(self._due, -self._spacing) + self._spacing if step < 1e6 else self._spacing
        self._history[self._count % self._rows] = values
        self._count += 1
        self._summarise()
        return True

    def _summarise(self) -> None:
        history = np.sort(self._history[: self.moments], axis=0)  # NaN last
        known = self.moments - np.isnan(history).sum(axis=0)
        columns = np.flatnonzero(known)
        if not len(columns):
            return
        n = known[columns]
        middle, low, q1, q3 = (
            _at(history, columns, share * (n - 1)) for share in (0.5, self._low, 0.25, 0.75)
        )
        weight, total = self._weight[columns], self._weight[columns] + n
        prior_mean, prior_sd = self._mean[columns], self._sd[columns]
        spread = (q3 - q1) / 1.349
        centre = (weight * prior_mean + n * middle) / total
        # Until the person's range is known, the prior's range is used.
        slow = 4.0 * weight
        scale = np.sqrt((slow * prior_sd**2 + n * spread**2) / (slow + n))
        rest = (weight * (centre - 0.8 * scale) + n * low) / total
        self.centre[columns], self.scale[columns], self.rest[columns] = centre, scale, rest


def _at(ordered: Floats, columns: NDArray[np.intp], position: Floats) -> Floats:
    below = np.floor(position).astype(int)
    above = np.ceil(position).astype(int)
    part = position - below
    value: Floats = ordered[below, columns] * (1 - part) + ordered[above, columns] * part
    return value


def norms(prior: Mapping[str, Sequence[float]]) -> dict[str, Norm]:
    """Convert ``{name: [mean, sd, weight]}`` of a manifest's constants to norms."""
    return {name: Norm(float(m), float(s), float(w)) for name, (m, s, w) in prior.items()}
