"""Fit the text network: linear in the features, one nonlinearity, eight bits."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sentio_models.modalities.text.features import BUCKETS, WORDS, number, places, read, weigh

Floats = NDArray[np.float64]

RARITY_STEP = 0.05
"""Quantisation step of inverse document frequencies, one byte each."""

LEAST_LINES = 2
"""Least number of training lines with a known feature."""

BEND = 6.0
"""Weight of a probability beside its logit among the inputs of the later heads."""

Counted = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Numbers and amounts of a line's features, as ``features.number`` returns them."""


def rarity_of(lines: list[Counted]) -> NDArray[np.uint8]:
    """Return inverse document frequencies in ``RARITY_STEP``; 0 if unknown."""
    count = np.zeros(BUCKETS)
    for numbers, _ in lines:
        count[numbers] += 1
    rarity = np.log((1 + len(lines)) / (1 + count)) + 1
    steps = np.clip(np.round(rarity / RARITY_STEP), 1, 255)
    kept: NDArray[np.uint8] = np.where(count >= LEAST_LINES, steps, 0).astype(np.uint8)
    return kept


def met_of(lines: list[str]) -> NDArray[np.uint8]:
    """Return the Bloom filter of words in at least ``LEAST_LINES`` lines."""
    count: Counter[str] = Counter()
    for line in lines:
        count.update(set(read(line).tokens))
    met = np.zeros(WORDS, np.uint8)
    kept = tuple(token for token, times in count.items() if times >= LEAST_LINES)
    met[places(kept)] = 1
    return met


def matrix(lines: list[Counted], rarity: Floats) -> sparse.csr_matrix:
    """Weigh lines as the live front end does; a row each."""
    columns, values, ends = [], [], [0]
    for numbers, amounts in lines:
        different, weights = weigh(numbers, amounts, rarity)
        columns.append(different)
        values.append(weights)
        ends.append(ends[-1] + len(different))
    return sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), ends), shape=(len(lines), BUCKETS)
    )


def features(lines: list[str]) -> list[Counted]:
    """Assign numbers to the features of lines."""
    return [number(read(line)) for line in lines]


def fit_emotions(x: sparse.csr_matrix, labels: Floats, strength: float, *, scaled: bool) -> tuple[
    Floats, Floats
]:  # fmt: skip
    """Fit one logistic regression for each label.

    Args:
        x: Rows of features.
        labels: 0 or 1, shape ``(n, k)``.
        strength: Parameter C of scikit-learn.
        scaled: Scale features by their log-count ratio (after Wang & Manning 2012).
    """
    from sklearn.linear_model import LogisticRegression

    weights, offsets = np.zeros((BUCKETS, labels.shape[1])), np.zeros(labels.shape[1])
    for k, label in enumerate(labels.T):
        lift = np.ones(BUCKETS)
        if scaled:
            present = x.maximum(0)  # a negated word counts below 0
            have = 1 + np.asarray(present[label > 0].sum(axis=0)).ravel()
            lack = 1 + np.asarray(present[label == 0].sum(axis=0)).ravel()
            lift = np.sqrt(np.abs(np.log((have / have.sum()) / (lack / lack.sum()))))
        model = LogisticRegression(C=strength, solver="liblinear")
        model.fit(x @ sparse.diags(lift), label)
        weights[:, k], offsets[k] = model.coef_[0] * lift, model.intercept_[0]
    return weights, offsets


def sigmoid(logits: Floats) -> Floats:
    """Return probabilities."""
    odds: Floats = 1.0 / (1.0 + np.exp(-logits))
    return odds


def bent(logits: Floats) -> Floats:
    """Return the fine emotions as later heads take them: logits and probabilities."""
    return np.concatenate([logits / 1.5, BEND * sigmoid(logits)], axis=1)


def thresholds(shares: Floats, labels: Floats) -> Floats:
    """Return the probability threshold of each class with the best F1."""
    from sklearn.metrics import f1_score

    grid = np.linspace(0.02, 0.8, 79)
    best = []
    for share, label in zip(shares.T, labels.T, strict=True):
        scores = [f1_score(label, share > edge) for edge in grid]
        # Smoothed over neighbouring thresholds.
        smooth = np.convolve(scores, np.ones(3) / 3, "same")
        best.append(grid[int(np.argmax(smooth))])
    return np.array(best)
