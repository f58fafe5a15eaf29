"""Combine the outputs of the crop network and the landmark network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MIN_PROBABILITY = 1e-9
"""Least probability, so that no network can exclude a class alone."""


@dataclass(frozen=True, slots=True)
class ClassWeights:
    """Weights of two networks, for each class or for all of them.

    Attributes:
        crop: Factors of the crop network's log probabilities, shape ``(8,)`` or a number.
        landmarks: The same of the landmark network; 0 ignores it.
        bias: What is added to each class.
    """

    crop: NDArray[np.float64]
    landmarks: NDArray[np.float64]
    bias: NDArray[np.float64]

    @classmethod
    def of(cls, constants: Mapping[str, object]) -> ClassWeights:
        """Return the weights of a manifest; without any the crop network counts alone."""
        return cls(
            np.asarray(constants.get("crop_weights", 1.0), np.float64),
            np.asarray(constants.get("landmark_weights", 0.0), np.float64),
            np.asarray(constants.get("biases", 0.0), np.float64),
        )

    def logits(
        self, crop: NDArray[np.float64], landmarks: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the weighted sum of two networks' log ratios, shape ``(..., 8)``."""
        return crop * self.crop + landmarks * self.landmarks + self.bias


def log_ratio(probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return log probabilities minus their mean over classes (Aitchison 1986)."""
    logs = np.log(np.maximum(np.asarray(probabilities, np.float64), MIN_PROBABILITY))
    centred: NDArray[np.float64] = logs - logs.mean(axis=-1, keepdims=True)
    return centred


def fuse(
    crop: NDArray[np.floating], landmarks: NDArray[np.floating], weights: ClassWeights
) -> NDArray[np.float64]:
    """Return the weighted product of two networks' probabilities.

    A logarithmic opinion pool (Genest 1986) with a weight for each class.

    Args:
        crop: Shape ``(..., 8)``, probabilities of the crop network.
        landmarks: Shape ``(..., 8)``, probabilities of the landmark network.
        weights: Fitted on validation data.

    Returns:
        Shape ``(..., 8)``, summing to 1.
    """
    combined = weights.logits(log_ratio(crop), log_ratio(landmarks))
    powers = np.exp(combined - combined.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares
