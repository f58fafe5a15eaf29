"""Calibrate the probabilities of a classifier.

Two numbers are chosen on validation data: the strength of the logit adjustment for rare classes
(Menon et al. 2021), then the temperature (Guo et al. 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_research.metrics import accuracy, uar

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

STRENGTHS = tuple(step / 20 for step in range(21))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibration ``softmax((logits + bias) / temperature)``.

    Attributes:
        bias: One number for each class.
        temperature: Above 1 if the network is overconfident.
        strength: Share of the log prior that ``bias`` removes.
    """

    bias: NDArray[np.float64]
    temperature: float
    strength: float

    def probabilities(self, logits: Floats) -> NDArray[np.float64]:
        """Return probabilities, shape ``(n, classes)``."""
        return softmax((np.asarray(logits, np.float64) + self.bias) / self.temperature)


def softmax(logits: Floats) -> NDArray[np.float64]:
    """Return the softmax over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def calibrate(
    logits: Floats,
    truth: Ints,
    prior: Floats,
    *,
    strengths: Sequence[float] = STRENGTHS,
    keep: float = 0.005,
) -> Calibration:
    """Choose the adjustment on validation data.

    Args:
        logits: Shape ``(n, classes)``.
        truth: Class of each row.
        prior: Share of each class in the training data.
        strengths: Candidate strengths.
        keep: Loss of accuracy that is accepted for a better mean recall.

    Returns:
        The strength with the best unweighted recall among those within ``keep`` of the best
        accuracy, and the temperature with the least cross-entropy after it.
    """
    from scipy.optimize import minimize_scalar

    log_prior = np.log(prior / prior.sum())
    log_prior -= log_prior.mean()
    tried = []
    for strength in strengths:
        guess = (logits - strength * log_prior).argmax(axis=1)
        tried.append((accuracy(truth, guess), uar(truth, guess), strength))
    best = max(a for a, _, _ in tried)
    strength = max((t for t in tried if t[0] >= best - keep), key=lambda t: t[1])[2]
    bias = -strength * log_prior

    def cost(temperature: float) -> float:
        shares = softmax((logits + bias) / temperature)
        return float(-np.log(shares[np.arange(len(truth)), truth] + 1e-12).mean())

    temperature = float(minimize_scalar(cost, bounds=(0.2, 5.0), method="bounded").x)
    return Calibration(bias, temperature, strength)


def fit_temperature(
    logits: Floats, truth: Ints, weights: Floats, bounds: tuple[float, float] = (0.2, 5.0)
) -> float:
    """Return the temperature with the least weighted cross-entropy.

    Args:
        logits: Shape ``(n, classes)``.
        truth: Class of each row.
        weights: Weight of each row: with those of ``class_weights`` the probabilities are for
            classes that are more alike in frequency than the rows.
        bounds: Range that is searched.
    """
    from scipy.optimize import minimize_scalar

    each, shares = np.arange(len(truth)), weights / weights.sum()

    def cost(temperature: float) -> float:
        likely = softmax(logits / temperature)[each, truth]
        return float(-(shares * np.log(likely + 1e-12)).sum())

    return float(minimize_scalar(cost, bounds=bounds, method="bounded").x)


def class_weights(truth: Ints, evenness: float) -> NDArray[np.float64]:
    """Return weights of rows that bring classes closer to equal frequency.

    ``evenness`` 0 keeps the frequencies, 1 makes them equal.

    Args:
        truth: Class of each row.
        evenness: 0 leaves the frequencies, 1 makes them equal.
    """
    _, member, counts = np.unique(truth, return_inverse=True, return_counts=True)
    weights: NDArray[np.float64] = counts[member].astype(np.float64) ** -evenness
    even: NDArray[np.float64] = weights / weights.mean()
    return even
