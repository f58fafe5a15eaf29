"""Inputs of the EEG index model: powers of head and front, frontal asymmetry."""

from __future__ import annotations

from math import exp

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.eeg.bands import NAMES
from sentio_models.modalities.eeg.montage import Montage

Floats = NDArray[np.float64]

RAW = ("ln_engagement", "ln_relaxation", "ln_focus", "asymmetry")
"""The published indices before normalisation to the person, as natural logarithms:
beta/(alpha+theta) (Pope, Bogart & Bartolome 1995), alpha's share of the power from 4 to 30 Hz
(after Klimesch 1999), frontal beta/theta (Clarke et al. 2001 use its inverse), right minus left
frontal alpha (Allen, Coan & Nazarian 2004)."""

INPUTS = 2 * len(NAMES) + 2
"""Number of inputs of the index model: see ``Powers.logs``."""

LEAST = 0.2
"""Quality below which a channel is not used."""


class Powers(msgspec.Struct, frozen=True):
    """Band powers ready for the index model.

    Attributes:
        logs: Shape ``(1, INPUTS)``, ln uV^2: mean log power of the usable channels in the order of
            the bands; the same of the frontal channels, or of the whole head if there are none;
            log alpha power of the best clean frontal pair, left and right, 0 without one.
        paired: Whether there was such a pair.
        channels: Number of usable channels.
    """

    logs: NDArray[np.float32]
    paired: bool
    channels: int

    def geometric(self) -> dict[str, float]:
        """Return the geometric mean over the head of each band's power, uV^2."""
        logs: list[float] = self.logs[0, : len(NAMES)].tolist()
        return dict(zip(NAMES, map(exp, logs), strict=True))


def gather(powers: Floats, quality: Floats, montage: Montage) -> Powers | None:
    """Average log powers over usable channels; None if none is usable.

    Channels are weighted by quality. Logarithms are used because EEG power is log-normal over
    channels and time.
    """
    weight = np.where(quality >= LEAST, quality, 0.0)
    weights: list[float] = weight.tolist()
    if sum(weights) <= 0:
        return None
    logs = np.log(np.maximum(powers, 1e-6))
    summed = montage.parts * weight
    mean = summed @ logs
    head, ahead = np.add.reduce(summed, axis=1).tolist()
    bands = len(NAMES)
    inputs = np.zeros((1, INPUTS), np.float32)
    inputs[0, :bands] = mean[0] / head
    inputs[0, bands : 2 * bands] = mean[1] / ahead if ahead > 0 else inputs[0, :bands]
    paired = False
    for left, right in montage.pairs:
        if weights[left] > 0 and weights[right] > 0:
            alpha = NAMES.index("alpha")
            inputs[0, 2 * bands :] = logs[left, alpha], logs[right, alpha]
            paired = True
            break
    return Powers(inputs, paired, len(weights) - weights.count(0.0))
