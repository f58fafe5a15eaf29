"""Fit a weight for each class and face network on FER+'s validation faces.

One weight and temperature for all classes (``face_calibration``) is where the fit starts, and it
is held near that: rare classes have few faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from sentio_models.modalities.face.fuse import ClassWeights, log_ratio
from sentio_research.fitting.calibrate import class_weights, fit_temperature, softmax
from sentio_research.fitting.face_calibration import Pool, Rows

Floats = NDArray[np.float64]

EVEN = 0.5
"""Power of the class frequency that is taken out of the rows' weights."""

NEAR = 0.02
"""Cost of a squared distance from the start. This and ``EVEN`` have the best mean recall, by
five-fold cross-validation over plain and changed faces, of those that lower accuracy on neither."""

CLASSES = 8


@dataclass(frozen=True, slots=True)
class Outputs:
    """What both networks' files give for validation faces.

    Attributes:
        crop: Log ratios of the crop network, shape ``(n, 8)``.
        landmarks: The same of the landmark network; 0 where no face was found.
        truth: Class of each, shape ``(n,)``.
    """

    crop: Floats
    landmarks: Floats
    truth: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Rows, pool: Pool, heat: float, log_prior: Floats) -> Outputs:
        """Return the outputs of files that are calibrated with ``pool`` and ``heat``."""
        prior = pool.evenness * log_prior
        crop = log_ratio(softmax((rows.crop - prior) / heat))
        landmarks = log_ratio(softmax(rows.landmarks - prior)) * rows.found[:, None]
        return cls(crop, landmarks, rows.truth)

    def logits(self, weights: ClassWeights) -> Floats:
        """Return weighted logits, shape ``(n, 8)``."""
        return weights.logits(self.crop, self.landmarks)


def fit_weights(plain: Outputs, changed: Outputs, pool: Pool, heat: float) -> ClassWeights:
    """Return weights fitted on plain and changed faces alike.

    Args:
        plain: Of the validation split.
        changed: Of the same faces as other cameras would show them.
        pool: One weight for all classes: the start.
        heat: Temperature in the crop network's file.
    """
    scale = heat / (pool.temperature * (1 + pool.weight))
    flat = np.ones(CLASSES)
    start = np.concatenate([scale * flat, scale * pool.weight / heat * flat, 0 * flat])
    truth = np.concatenate([plain.truth, changed.truth])
    crop = np.concatenate([plain.crop, changed.crop])
    landmarks = np.concatenate([plain.landmarks, changed.landmarks])
    each = np.arange(len(truth))
    share = class_weights(truth, EVEN) / len(truth)

    def cost(weights: Floats) -> tuple[float, Floats]:
        likely = softmax(Outputs(crop, landmarks, truth).logits(_split(weights)))
        away = weights - start
        loss = -(share * np.log(likely[each, truth] + 1e-12)).sum() + NEAR * (away**2).sum()
        likely[each, truth] -= 1
        slope = likely * share[:, None]
        parts = [(slope * crop).sum(0), (slope * landmarks).sum(0), slope.sum(0)]
        return float(loss), np.concatenate(parts) + 2 * NEAR * away

    return _split(minimize(cost, start, jac=True, method="L-BFGS-B").x)


def calibrated(weights: ClassWeights, sets: Sequence[Outputs]) -> ClassWeights:
    """Return the weights divided by a temperature, with classes of equal weight.

    A face whose raters agree, in a picture like those of the training, is easier than a user's:
    probabilities that are right for it are too high elsewhere. So ``sets`` hold all faces with a
    leading vote, as they are and as poor cameras show them.
    """
    truth = np.concatenate([some.truth for some in sets])
    logits = np.concatenate([some.logits(weights) for some in sets])
    heat = fit_temperature(logits, truth, class_weights(truth, 1.0))
    return ClassWeights(weights.crop / heat, weights.landmarks / heat, weights.bias / heat)


def left(weights: ClassWeights, log_prior: Floats) -> Floats:
    """Return the log frequencies that the probabilities still contain, shape ``(8,)``.

    About: faces of frequency ``f`` counted ``f ** -EVEN`` in the fit.
    """
    contained: Floats = (1 - EVEN) * log_prior * float(np.mean(weights.crop))
    return contained


def _split(weights: Floats) -> ClassWeights:
    return ClassWeights(*weights.reshape(3, CLASSES))
