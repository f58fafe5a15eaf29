"""Published EEG indices, and their distance from the person's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, isfinite, log

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelFailedError
from sentio_models.estimator import Norm
from sentio_models.modalities.eeg.bands import NAMES
from sentio_models.modalities.eeg.montage import Montage

Floats = NDArray[np.float64]

RAW = ("ln_engagement", "ln_relaxation", "ln_focus", "asymmetry")
"""The published indices before normalisation to the person, as natural logarithms:
beta/(alpha+theta) (Pope, Bogart & Bartolome 1995), alpha's share of the power from 4 to 30 Hz
(after Klimesch 1999), frontal beta/theta (Clarke et al. 2001 use its inverse), right minus left
frontal alpha (Allen, Coan & Nazarian 2004)."""

PRIOR: Mapping[str, Norm] = {
    "ln_engagement": Norm(-0.75, 0.45, 3.0),
    "ln_relaxation": Norm(-1.0, 0.4, 3.0),
    "ln_focus": Norm(0.15, 0.45, 3.0),
    "asymmetry": Norm(0.0, 0.3, 3.0),
}
"""Norm of people in general for each index, its weight in entries."""

_THETA, _ALPHA, _BETA = (NAMES.index(name) for name in ("theta", "alpha", "beta"))
_FRONT = len(NAMES)
_LEFT, _RIGHT = 2 * len(NAMES), 2 * len(NAMES) + 1

_STEEPEST = 700.0
"""Largest exponent of a distance that a float holds."""

LEAST = 0.2
"""Quality below which a channel is not used."""


class Powers(msgspec.Struct, frozen=True):
    """Band powers ready for the indices.

    Attributes:
        logs: Twice a number for each band, and two more, ln uV^2: mean log power of the usable
            channels in the order of the bands; the same of the frontal channels, or of the whole
            head if there are none; log alpha power of the best clean frontal pair, left and
            right, 0 without one.
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


def raw_indices(logs: Sequence[float]) -> list[float]:
    """Return the indices in the order of ``RAW``, natural logarithms.

    Args:
        logs: As ``Powers.logs``.

    Raises:
        ModelFailedError: A power is not finite, or too large for a float.
    """
    try:
        slow = exp(logs[_THETA]) + exp(logs[_ALPHA])
        indices = [
            logs[_BETA] - log(slow),
            logs[_ALPHA] - log(slow + exp(logs[_BETA])),
            logs[_FRONT + _BETA] - logs[_FRONT + _THETA],
            logs[_RIGHT] - logs[_LEFT],
        ]
    except (OverflowError, ValueError):
        indices = []
    if not indices or not isfinite(sum(logs)):
        raise ModelFailedError("eeg: a band power is not finite")
    return indices


def relative(raw: Sequence[float], centre: Sequence[float], spread: Sequence[float]) -> list[float]:
    """Return the logistic of each index's distance from the person's own, 0..1.

    Args:
        raw: As ``raw_indices``.
        centre: The person's median of each; it gives 0.5.
        spread: The person's spread of each, above 0.
    """
    return [
        1.0 / (1.0 + exp(min(_STEEPEST, (middle - value) / sd)))
        for value, middle, sd in zip(raw, centre, spread, strict=True)
    ]
