"""Inputs of the EEG index model: powers of head and front, frontal asymmetry."""

from __future__ import annotations

from collections.abc import Sequence

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

_ALPHA = NAMES.index("alpha")

INPUTS = 2 * len(NAMES) + 2
"""Number of inputs of the index model: see ``Powers.logs``."""

LEAST = 0.2
"""Quality below which a channel is not used."""


class Powers(msgspec.Struct, frozen=True):
    """Band powers ready for the index model.

    Attributes:
        logs: ``INPUTS`` numbers, ln uV^2: mean log power of the usable channels in the order of
            the bands; the same of the frontal channels, or of the whole head if there are none;
            log alpha power of the best clean frontal pair, left and right, 0 without one.
        paired: Whether there was such a pair.
        channels: Number of usable channels.
    """

    logs: Sequence[float]
    paired: bool
    channels: int


def gather(powers: Floats, quality: Floats, montage: Montage) -> Powers | None:
    """Average log powers over usable channels; None if none is usable.

    Channels are weighted by quality. Logarithms are used because EEG power is log-normal over
    channels and time.
    """
    weights: list[float] = [w if w >= LEAST else 0.0 for w in quality.tolist()]
    if sum(weights) <= 0:
        return None
    logs = np.log(np.maximum(powers, 1e-6))
    summed = montage.parts * np.array(weights)
    # Lists from here on: numpy on a few elements costs several times as much.
    whole, frontal = (summed @ logs).tolist()
    head, ahead = np.add.reduce(summed, axis=1).tolist()
    inputs = [total / head for total in whole]
    inputs += [total / ahead for total in frontal] if ahead > 0 else list(inputs)
    for left, right in montage.pairs:
        if weights[left] > 0 and weights[right] > 0:
            pair = [logs.item(left, _ALPHA), logs.item(right, _ALPHA)]
            break
    else:
        pair = []
    inputs += pair or (0.0, 0.0)
    return Powers(inputs, bool(pair), len(weights) - weights.count(0.0))
