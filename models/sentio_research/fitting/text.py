"""Fit the text network: linear in the features, one nonlinearity, eight bits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sentio_models.modalities.text.features import BUCKETS, WORDS, Line, number, places, read, weigh
from sentio_research.data.text import Corpus

Floats = NDArray[np.float64]

RARITY_STEP = 0.05
"""Quantisation step of inverse document frequencies, one byte each."""

LEAST_LINES = 2
"""Least number of training lines with a known feature."""

BEND = 6.0
"""Weight of probabilities relative to logits in the inputs of the affect head."""

SHARE = 0.1
"""Scale of the emotion inputs relative to the features, whose squares sum to 1."""

ALPHAS = (0.5, 0.8, 1.2, 2.0, 3.0, 4.5)


@dataclass(frozen=True, slots=True)
class Heads:
    """Fitted weights; ``x`` are the weighted features of a line.

    Attributes:
        fine: Weights and offsets of 28 fine emotions, shapes ``(BUCKETS, 28)`` and ``(28,)``.
        coarse: The same of the seven coarse emotions.
        affect: The same of valence, arousal and dominance, -1..1, from the features.
        emotion_weights: From the 28 logits and probabilities, shape ``(56, 3)``.
    """

    fine: tuple[Floats, Floats]
    coarse: tuple[Floats, Floats]
    affect: tuple[Floats, Floats]
    emotion_weights: Floats


def rarity_of(lines: list[NDArray[np.int64]]) -> NDArray[np.uint8]:
    """Return inverse document frequencies in steps of ``RARITY_STEP``, or 0."""
    count = np.zeros(BUCKETS)
    for numbers in lines:
        count[np.unique(numbers)] += 1
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
    met[places(Line(kept, False, 0.0))] = 1
    return met


def matrix(lines: list[NDArray[np.int64]], rarity: Floats) -> sparse.csr_matrix:
    """Return the weighted features of lines as in the live front end, one row each."""
    columns, values, ends = [], [], [0]
    for numbers in lines:
        different, weights = weigh(numbers, rarity)
        columns.append(different)
        values.append(weights)
        ends.append(ends[-1] + len(different))
    return sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), ends), shape=(len(lines), BUCKETS)
    )


def features(lines: list[str]) -> list[NDArray[np.int64]]:
    """Return the feature numbers of lines."""
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
            have = 1 + np.asarray(x[label > 0].sum(axis=0)).ravel()
            lack = 1 + np.asarray(x[label == 0].sum(axis=0)).ravel()
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
    """Return logits and probabilities of the fine emotions, inputs of affect."""
    return np.concatenate([logits / 1.5, BEND * sigmoid(logits)], axis=1)


def fit_affect(
    train: Corpus, dev: Corpus, rarity: Floats, fine: tuple[Floats, Floats]
) -> tuple[tuple[Floats, Floats], Floats, Floats]:
    """Fit valence, arousal and dominance on features and fine emotions.

    The strength of each is chosen on ``dev``.

    Returns:
        Weights and offsets on features, weights on ``bent``, and the standard deviations of the
        errors on ``dev``.
    """
    from sklearn.linear_model import Ridge

    x = {name: matrix(features(c.lines), rarity) for name, c in (("train", train), ("dev", dev))}
    inputs = {name: bent(rows @ fine[0] + fine[1]) for name, rows in x.items()}
    middle, spread = inputs["train"].mean(axis=0), inputs["train"].std(axis=0) / SHARE
    both = {
        name: sparse.hstack([rows, sparse.csr_matrix((inputs[name] - middle) / spread)]).tocsr()
        for name, rows in x.items()
    }
    goal = train.values
    weights, emotion_weights, offsets = (
        np.zeros((BUCKETS, 3)),
        np.zeros((len(middle), 3)),
        np.zeros(3),
    )
    errors = np.zeros(3)
    for k in range(3):
        mean = float(goal[:, k].mean())
        tried = []
        for alpha in ALPHAS:
            model = Ridge(alpha=alpha, solver="sparse_cg", fit_intercept=False)
            model.fit(both["train"], goal[:, k] - mean)
            guess = model.predict(both["dev"])
            tried.append((float(np.corrcoef(guess, dev.values[:, k])[0, 1]), model, guess))
        _, best, guess = max(tried, key=lambda t: t[0])
        weights[:, k], emotion_weights[:, k] = best.coef_[:BUCKETS], best.coef_[BUCKETS:] / spread
        offsets[k] = mean - middle @ emotion_weights[:, k]
        errors[k] = float(np.std(dev.values[:, k] - guess - mean))
    return (weights, offsets), emotion_weights, errors


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
