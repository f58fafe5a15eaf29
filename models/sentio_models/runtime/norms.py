"""Learns what is usual for a person from what came before, never from what comes after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimator import Norm

Floats = NDArray[np.float64]


class RunningReference:
    """A running baseline of several features: median and spread of the past, robust to bursts.

    It starts from a prior (of people in general, or a person's profile) and moves to what it
    has seen as that outweighs the prior.

    Args:
        prior: What is usual before anything was seen; names the features and their order.
        spacing: Seconds between remembered moments: closer ones say the same again.
        memory: Seconds that are remembered; older moments are forgotten, so the cost is bounded.
        low: The quantile that stands for a person at rest.
        first: How many moments are learnt from; none after them. All if None.
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
        """Forget everything seen; start from ``norms`` where given, else from the prior."""
        start = [norms.get(name, self._population[name]) for name in self.names]
        self._mean = np.array([n.mean for n in start])
        self._sd = np.array([max(n.sd, 1e-6) for n in start])
        self._weight = np.array([max(n.weight, 1e-3) for n in start])
        self._seen = np.full((self._rows, len(self.names)), np.nan)
        self._count = 0
        self._due = 0.0
        self.centre, self.scale = self._mean.copy(), self._sd.copy()
        self.rest = self._mean - 0.8 * self._sd

    @property
    def moments(self) -> int:
        """How many moments are remembered."""
        return min(self._count, self._rows)

    def compare(self, values: Floats) -> tuple[Floats, Floats]:
        """Return distances from the usual and from rest, in spreads; NaN where unknown."""
        return (values - self.centre) / self.scale, (values - self.rest) / self.scale

    def learn(self, values: Floats, step: float) -> None:
        """Remember a moment, unless one was remembered less than ``spacing`` seconds ago.

        Args:
            values: In the order of ``names``; NaN where unknown.
            step: Seconds since the call before; ``inf`` for the first.
        """
        self._due -= step
        if self._due > 0 or self._count == self._first:
            return
        self._due = max(self._due, -self._spacing) + self._spacing if step < 1e6 else self._spacing
        self._seen[self._count % self._rows] = values
        self._count += 1
        self._summarise()

    def _summarise(self) -> None:
        seen = np.sort(self._seen[: self.moments], axis=0)  # NaN last
        known = self.moments - np.isnan(seen).sum(axis=0)
        columns = np.flatnonzero(known)
        if not len(columns):
            return
        n = known[columns]
        middle, low, q1, q3 = (
            _at(seen, columns, share * (n - 1)) for share in (0.5, self._low, 0.25, 0.75)
        )
        weight, total = self._weight[columns], self._weight[columns] + n
        prior_mean, prior_sd = self._mean[columns], self._sd[columns]
        spread = (q3 - q1) / 1.349
        centre = (weight * prior_mean + n * middle) / total
        # Until the person has shown their range, the prior's range stands in for it.
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
    """Read ``{name: [mean, sd, weight]}`` as a manifest's constants hold it."""
    return {name: Norm(float(m), float(s), float(w)) for name, (m, s, w) in prior.items()}
