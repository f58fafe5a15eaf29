"""What the EEG head reads: powers of the whole head and of the front, and frontal asymmetry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_models.eeg.bands import NAMES
from sentio_models.eeg.montage import REGIONS, Montage

Floats = NDArray[np.float64]

RAW = ("ln_engagement", "ln_relaxation", "ln_focus", "asymmetry")
"""The published indices before they are compared with the person, as natural logarithms:
beta/(alpha+theta) (Pope, Bogart & Bartolome 1995), alpha's share of the power from 4 to 30 Hz
(after Klimesch 1999), frontal beta/theta (Clarke et al. 2001 use its inverse), right minus left
frontal alpha (Allen, Coan & Nazarian 2004)."""

LEAST = 0.2
"""Channel quality below which a channel does not speak."""


@dataclass(frozen=True, slots=True)
class Powers:
    """Band powers ready for the head.

    Attributes:
        head: Mean log power of the usable channels, shape ``(5,)``, in the order of the bands.
        front: The same of the frontal channels; of the whole head where there is none.
        sides: Log alpha power of the best clean frontal pair, left and right.
        paired: Whether there was such a pair.
        channels: How many channels could be used.
    """

    head: Floats
    front: Floats
    sides: Floats
    paired: bool
    channels: int


def gather(powers: Floats, quality: Floats, montage: Montage) -> Powers | None:
    """Average log powers over usable channels, weighted by quality; None where none is usable.

    Logarithms, because EEG power is log-normal over channels and time.
    """
    weight = np.where(quality >= LEAST, quality, 0.0)
    total = float(weight.sum())
    if total <= 0:
        return None
    logs = np.log(np.maximum(powers, 1e-6))
    head = weight @ logs / total
    ahead = weight * (montage.region == REGIONS.index("frontal"))
    front = ahead @ logs / ahead.sum() if ahead.any() else head
    alpha = logs[:, NAMES.index("alpha")]
    for left, right in montage.pairs:
        if weight[left] > 0 and weight[right] > 0:
            sides = np.array([alpha[left], alpha[right]])
            return Powers(head, front, sides, True, int((weight > 0).sum()))
    return Powers(head, front, np.zeros(2), False, int((weight > 0).sum()))
