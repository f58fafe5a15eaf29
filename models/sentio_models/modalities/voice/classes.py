"""Turn the class logits of a voice into the probabilities that are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS

Floats = NDArray[np.float64]


def class_shares(logits: Floats, names: Sequence[str], uniform: float) -> Floats:
    """Return probabilities over ``EMOTIONS`` that hold on other people's data.

    Classes that are not sent keep the uniform share, which is no evidence in the fusion; the others
    divide the rest, and all are mixed with the uniform distribution.

    Args:
        logits: Shape ``(n, len(names))``, calibrated.
        names: Classes that are sent.
        uniform: Weight of the uniform distribution, 0..1.

    Returns:
        Shape ``(n, len(EMOTIONS))``.
    """
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    level = 1 / len(EMOTIONS)
    shares = np.full((len(logits), len(EMOTIONS)), level)
    places = [EMOTIONS.index(name) for name in names]
    shares[:, places] = odds / odds.sum(axis=1, keepdims=True) * len(names) * level
    mixed: Floats = (1 - uniform) * shares + uniform * level
    return mixed


def named(shares: Floats) -> Mapping[str, float]:
    """Return one row of ``class_shares`` by name."""
    return dict(zip(EMOTIONS, shares.tolist(), strict=True))
