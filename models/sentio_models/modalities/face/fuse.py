"""Joins what two networks say of one face: the crop's texture and the blendshapes' geometry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SURE = 1e-9
"""Least probability, so that no network can forbid a class by itself."""


def fuse(
    crop: NDArray[np.floating],
    blendshapes: NDArray[np.floating],
    weight: float,
    temperature: float = 1.0,
) -> NDArray[np.float64]:
    """Return the weighted product of two opinions (a logarithmic opinion pool, Genest 1986).

    Args:
        crop: Shape ``(..., 8)``, the crop network's probabilities.
        blendshapes: Shape ``(..., 8)``, the blendshape network's.
        weight: Of the second, in log probabilities; 0 leaves it out. Fitted on validation data.
        temperature: Divides the sum, so that the result is calibrated.

    Returns:
        Shape ``(..., 8)``, summing to 1.
    """
    joint = np.log(np.maximum(np.asarray(crop, np.float64), SURE))
    joint += weight * np.log(np.maximum(np.asarray(blendshapes, np.float64), SURE))
    joint /= temperature
    powers = np.exp(joint - joint.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares
