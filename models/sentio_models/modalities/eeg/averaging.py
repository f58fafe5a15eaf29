"""Average band powers over a few windows."""

from __future__ import annotations

from math import exp

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SECONDS = 2.0
"""Time constant. Alpha comes in bursts: the logarithm of one window follows the pauses between
them, the logarithm of an average follows their power, as Welch's spectrum does."""

MAX_PAUSE = 5.0
"""Longest pause, seconds; after a longer one earlier windows are discarded."""

LEAST = 1e-6
"""Weight below which a channel has no average."""


class PowerAverage:
    """Exponential average of powers, each window weighted by its channels' quality."""

    def __init__(self) -> None:
        self._sum = self._weight = np.zeros(0)

    def add(self, powers: Floats, quality: Floats, step: float) -> Floats:
        """Add a window; return averaged powers, shape as ``powers``.

        Args:
            powers: Shape ``(channels, bands)``, uV^2.
            quality: 0..1 of each channel.
            step: Seconds since the previous window; ``inf`` for the first.
        """
        weight = quality[:, None]
        if step > MAX_PAUSE or self._sum.shape != powers.shape:
            self._sum, self._weight = powers * weight, weight.copy()
        else:
            kept = exp(-step / SECONDS)
            new = weight * (1 - kept)
            self._sum *= kept
            self._sum += new * powers
            self._weight *= kept
            self._weight += new
        if min(self._weight[:, 0].tolist()) > LEAST:
            return np.asarray(self._sum / self._weight, np.float64)
        return np.where(self._weight > LEAST, self._sum / np.maximum(self._weight, LEAST), powers)
