"""Slopes of a soak with their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCKS = 20
"""Blocks of the bootstrap: residuals of memory are correlated over minutes."""

ROUNDS = 2000


@dataclass(frozen=True, slots=True)
class Sample:
    """State of the sidecar's process at one time.

    Attributes:
        at: Hours of the sidecar's clock since the start.
        rss: Resident memory, MB.
        descriptors: Number of open descriptors.
        threads: Number of threads.
    """

    at: float
    rss: float
    descriptors: int
    threads: int


@dataclass(frozen=True, slots=True)
class Slope:
    """Least-squares slope with a 95 % interval.

    Attributes:
        value: In units per hour.
        low: Lower end of the interval.
        high: Upper end.
        n: Number of samples.
    """

    value: float
    low: float
    high: float
    n: int


def slope(hours: NDArray[np.float64], values: NDArray[np.float64], seed: int = 1) -> Slope:
    """Return the slope of ``values`` with a block-bootstrap interval.

    Args:
        hours: Times, ascending.
        values: One value for each time.
        seed: Seed of the bootstrap.

    Raises:
        ValueError: There are fewer than 10 samples.
    """
    n = len(hours)
    if n < 10:
        raise ValueError(f"{n} samples give no slope; measure for longer")
    centred = hours - hours.mean()
    weights = centred / float(centred @ centred)
    fitted = float(weights @ values)
    residuals = values - values.mean() - fitted * centred
    rng = np.random.default_rng(seed)
    length = max(2, n // BLOCKS)
    count = -(-n // length)
    starts = rng.integers(0, n, (ROUNDS, count))
    places = (starts[:, :, None] + np.arange(length)) % n
    again = residuals[places.reshape(ROUNDS, -1)[:, :n]]
    slopes = fitted + again @ weights
    low, high = np.percentile(slopes, (2.5, 97.5))
    return Slope(fitted, float(low), float(high), n)


def settled(samples: list[Sample], warm_up: float) -> list[Sample]:
    """Return the samples after the first ``warm_up`` hours."""
    return [sample for sample in samples if sample.at >= warm_up]
