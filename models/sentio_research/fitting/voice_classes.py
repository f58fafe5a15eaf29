"""Fit the expression classes of a voice, and calibrate them across corpora."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.voice.classes import class_shares
from sentio_research.fitting.voice_live import FAR, Linear

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SENT = ("neutral", "happiness", "sadness", "disgust")
"""Classes that carry over in both directions between EmoDB and the bursts (AUC above .6). Not anger
(.43 and .24) and fear (.51 and .67); surprise is in one corpus only."""

BOUND = 8.0
"""Limit of the logarithm of the temperature, and of the logit of the uniform weight."""

STRENGTH = 1e-2
"""Parameter C of scikit-learn: of .0003 to .01 the least log loss across corpora."""


def fit_classes(
    own: Floats, emotion: Ints, corpus: NDArray[np.str_], names: Sequence[str] = SENT
) -> Linear:
    """Fit a regression on rows relative to their person.

    It returns the logits of ``names`` and is fitted on all classes of the data, each with the same
    weight in each corpus.

    Args:
        own: Statistics relative to the person.
        emotion: Index into ``EMOTIONS``; -1 is left out.
        corpus: Of each row.
        names: Classes of the data.
    """
    from sklearn.linear_model import LogisticRegression

    known = emotion >= 0
    values, truth = own[known], emotion[known]
    cells = np.char.add(corpus[known], truth.astype(np.str_))
    _, member, count = np.unique(cells, return_inverse=True, return_counts=True)
    weight = len(truth) / len(count) / count[member]
    centre, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    near = np.clip((values - centre) / scale, -FAR, FAR)
    model = LogisticRegression(C=STRENGTH, max_iter=200)
    model.fit(near, truth, sample_weight=weight)
    rows = [model.classes_.tolist().index(EMOTIONS.index(name)) for name in names]
    return Linear(centre, scale, model.coef_[rows].T, model.intercept_[rows])


def class_calibration(logits: list[Floats], truths: list[Ints]) -> tuple[float, float]:
    """Return the temperature and the weight of the uniform distribution.

    They have the least mean log loss across corpora, classes and directions weighing the same.

    Args:
        logits: Of ``SENT``, each by a model that was fitted without that corpus.
        truths: Index into ``EMOTIONS`` of each row.
    """
    from scipy.optimize import minimize

    def both(point: Floats) -> tuple[float, float]:
        degree, uniform = np.clip(point, -BOUND, BOUND)
        return float(np.exp(degree)), float(1 / (1 + np.exp(-uniform)))

    def cost(point: Floats) -> float:
        degree, uniform = both(point)
        return float(
            np.mean(
                [
                    log_loss(class_shares(logit / degree, SENT, uniform), truth)
                    for logit, truth in zip(logits, truths, strict=True)
                ]
            )
        )

    starts = ([0.0, -1.0], [-1.0, 0.0], [0.5, -3.0])
    found = [minimize(cost, start, method="Nelder-Mead") for start in starts]
    return both(min(found, key=lambda one: float(one.fun)).x)


def log_loss(shares: Floats, truth: Ints) -> float:
    """Return the mean over classes of the mean negative log share of the truth."""
    loss = -np.log(shares[np.arange(len(truth)), truth])
    return float(np.mean([loss[truth == c].mean() for c in np.unique(truth)]))


def sharpened(model: Linear, degree: float) -> Linear:
    """Return the model with its logits divided by ``degree``."""
    return replace(model, weights=model.weights / degree, offset=model.offset / degree)
