"""Mix channels to mono so that a voice on them is not lost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SILENT = 0.01
"""Share of the strongest channel's energy under which a channel carries nothing."""


ALIKE = 0.5
"""Correlation from which two channels carry the same signal."""

CHANGES = 0.05
"""Share of the energy with either sign from which a channel's polarity changes within the file."""


class Downmix:
    """Weights of the channels of a sound file, from a part of it.

    Silent channels do not count, so that a voice on one of eight keeps its level. A channel that
    runs against the strongest one is inverted, as of a microphone whose cable is reversed: the mean
    of both would be silence. A channel whose polarity changes within the file is left out.

    Args:
        channels: Number of channels.
    """

    def __init__(self, channels: int) -> None:
        self._products = np.zeros((channels, channels))
        self._alike = np.zeros((channels, channels))
        self._opposed = np.zeros((channels, channels))

    def learn(self, block: NDArray[np.float32]) -> None:
        """Add samples ``(n, channels)`` to what the weights are computed from."""
        finite = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float64)
        finite -= finite.mean(axis=0)
        products = finite.T @ finite
        energy = np.diag(products)
        alike = ALIKE * np.sqrt(np.outer(energy, energy))
        self._products += products
        self._alike += np.where(products > alike, products, 0.0)
        self._opposed -= np.where(products < -alike, products, 0.0)

    def weights(self) -> NDArray[np.float32]:
        """Return the weight of each channel; the mean while nothing is known."""
        energy = np.diag(self._products)
        count = len(energy)
        if count == 1 or not energy.max() > 0:
            return np.full(count, 1 / count, np.float32)
        strongest = int(energy.argmax())
        loud = energy > SILENT * energy[strongest]
        shared = np.sqrt(energy * energy[strongest])
        against = self._products[strongest] < -ALIKE * shared
        least = np.minimum(self._alike[strongest], self._opposed[strongest])
        loud &= least <= CHANGES * shared
        signs = np.where(against, -1.0, 1.0) * loud
        weights: NDArray[np.float32] = (signs / loud.sum()).astype(np.float32)
        return weights
