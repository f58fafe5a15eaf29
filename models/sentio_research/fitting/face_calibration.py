"""Choose the combination of the two face networks on FER+'s validation.

The networks learn how frequent each expression is in FER+, where one face in two hundred shows
disgust. ``evenness`` sets how far that is taken out: at 0 a rare expression wins only against
strong odds, at 1 all are equally likely before the face is seen. The temperature is fitted on
plain and shifted faces with classes of equal weight, since a user's camera is not FER+'s.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_research.fitting.calibrate import class_weights, fit_temperature, softmax
from sentio_research.metrics import accuracy, uar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEIGHTS = tuple(step / 10 for step in range(11))
EVENNESS = tuple(step / 20 for step in range(21))


@dataclass(frozen=True, slots=True)
class Rows:
    """Logits of validation faces, in which FER+'s frequencies are still contained.

    Attributes:
        crop: Shape ``(n, 8)``, the crop network.
        landmarks: Shape ``(n, 8)``, the landmark network; 0 where no face was found.
        found: Shape ``(n,)``, whether a face was found.
        truth: Shape ``(n,)``, class of each.
    """

    crop: Floats
    landmarks: Floats
    found: NDArray[np.bool_]
    truth: Ints

    def only(self, rows: NDArray[np.bool_]) -> Rows:
        """Return some of the faces."""
        return Rows(self.crop[rows], self.landmarks[rows], self.found[rows], self.truth[rows])

    def pooled(self, weight: float) -> Floats:
        """Return the weighted mean of both logits, of the crop alone without a face."""
        share = weight * self.found[:, None]
        pooled: Floats = (self.crop + share * self.landmarks) / (1 + share)
        return pooled


@dataclass(frozen=True, slots=True)
class Pool:
    """How logits become probabilities.

    Attributes:
        weight: Of the landmark network; that of the crop network is 1.
        evenness: Share of the log frequencies that is taken out.
        temperature: Divisor of the pooled logits.
    """

    weight: float
    evenness: float
    temperature: float

    def left(self, log_prior: Floats) -> Floats:
        """Return the log frequencies that the probabilities still contain, (8,).

        Divided by their exponential and brought to a sum of 1, the probabilities are those for
        classes that are all equally likely.
        """
        contained: Floats = (1 - self.evenness) * log_prior / self.temperature
        return contained

    def probabilities(self, rows: Rows, log_prior: Floats) -> Floats:
        """Return the probabilities of rows, shape ``(n, 8)``."""
        return softmax((rows.pooled(self.weight) - self.evenness * log_prior) / self.temperature)


def choose(plain: Rows, shifted: Rows, log_prior: Floats, *, keep: float = 0.005) -> Pool:
    """Choose the pool.

    Args:
        plain: The validation split.
        shifted: The same faces, changed by ``data.face_shifts``.
        log_prior: Log share of each class in the training data, of mean 0.
        keep: Loss of accuracy on plain faces that is accepted for rare classes.

    Returns:
        Of all weights and evennesses within ``keep`` of the best accuracy on plain faces, those
        with the best mean recall over both plain and shifted faces.
    """
    tried = []
    for weight in WEIGHTS:
        pooled, changed = plain.pooled(weight), shifted.pooled(weight)
        for evenness in EVENNESS:
            guess = (pooled - evenness * log_prior).argmax(axis=1)
            other = (changed - evenness * log_prior).argmax(axis=1)
            recall = (uar(plain.truth, guess) + uar(shifted.truth, other)) / 2
            tried.append((accuracy(plain.truth, guess), recall, weight, evenness))
    best = max(score for score, *_ in tried)
    _, _, weight, evenness = max((t for t in tried if t[0] >= best - keep), key=lambda t: t[1])
    return Pool(weight, evenness, temperature(plain, shifted, log_prior, weight, evenness))


def temperature(
    plain: Rows, shifted: Rows, log_prior: Floats, weight: float, evenness: float
) -> float:
    """Return the temperature over plain and shifted faces, classes of equal weight."""
    logits = np.concatenate([plain.pooled(weight), shifted.pooled(weight)]) - evenness * log_prior
    truth = np.concatenate([plain.truth, shifted.truth])
    return fit_temperature(logits, truth, class_weights(truth, 1.0))
