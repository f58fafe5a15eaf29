"""Combine the outputs of the crop network and the landmark network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MIN_PROBABILITY = 1e-9
"""Least probability, so that no network can exclude a class alone."""


def fuse(
    crop: NDArray[np.floating],
    landmarks: NDArray[np.floating],
    weight: float,
    temperature: float = 1.0,
) -> NDArray[np.float64]:
    """Return the logarithmic opinion pool of two networks (Genest 1986).

    Args:
        crop: Shape ``(..., 8)``, probabilities of the crop network.
        landmarks: Shape ``(..., 8)``, probabilities of the landmark network.
        weight: Weight of the second, in log probabilities; 0 ignores it. Fitted on validation data.
        temperature: Divides the sum, so that the result is calibrated.

    Returns:
        Shape ``(..., 8)``, summing to 1.
    """
    combined = np.log(np.maximum(np.asarray(crop, np.float64), MIN_PROBABILITY))
    combined += weight * np.log(np.maximum(np.asarray(landmarks, np.float64), MIN_PROBABILITY))
    combined /= temperature
    powers = np.exp(combined - combined.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares
