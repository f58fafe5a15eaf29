"""Fits the text network: linear in the features, with one bend, in eight bits."""

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
"""Inverse document frequencies are kept in steps of this, in a byte each."""

LEAST_LINES = 2
"""A feature that fewer lines of training have is not known."""

BEND = 6.0
"""Weight of a probability beside its logit in what valence, arousal and dominance are told."""

SHARE = 0.1
"""Spread of each told emotion against the features', whose squares sum to 1."""

ALPHAS = (0.5, 0.8, 1.2, 2.0, 3.0, 4.5)


@dataclass(frozen=True, slots=True)
class Heads:
    """What is fitted; ``x`` are the weighed features of a line.

    Attributes:
        fine: Weights and offsets of 28 fine emotions, shapes ``(BUCKETS, 28)`` and ``(28,)``.
        coarse: The same of the seven coarse ones.
        affect: The same of valence, arousal and dominance, -1..1, from the features.
        told: From the 28 logits and probabilities, shape ``(56, 3)``.
    """

    fine: tuple[Floats, Floats]
    coarse: tuple[Floats, Floats]
    affect: tuple[Floats, Floats]
    told: Floats


def rarity_of(lines: list[NDArray[np.int64]]) -> NDArray[np.uint8]:
    """Return inverse document frequencies in steps of ``RARITY_STEP``; 0 where unknown."""
    count = np.zeros(BUCKETS)
    for numbers in lines:
        count[np.unique(numbers)] += 1
    rarity = np.log((1 + len(lines)) / (1 + count)) + 1
    steps = np.clip(np.round(rarity / RARITY_STEP), 1, 255)
    kept: NDArray[np.uint8] = np.where(count >= LEAST_LINES, steps, 0).astype(np.uint8)
    return kept


def met_of(lines: list[str]) -> NDArray[np.uint8]:
    """Return the filter of the words that at least ``LEAST_LINES`` lines have."""
    count: Counter[str] = Counter()
    for line in lines:
        count.update(set(read(line).tokens))
    met = np.zeros(WORDS, np.uint8)
    kept = tuple(token for token, times in count.items() if times >= LEAST_LINES)
    met[places(Line(kept, False, 0.0))] = 1
    return met


def matrix(lines: list[NDArray[np.int64]], rarity: Floats) -> sparse.csr_matrix:
    """Weigh lines as the live front end does; a row each."""
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
    """Number the features of lines."""
    return [number(read(line)) for line in lines]


def fit_emotions(x: sparse.csr_matrix, labels: Floats, strength: float, *, scaled: bool) -> tuple[
    Floats, Floats
]:  # fmt: skip
    """Fit one logistic regression for each label.

    Args:
        x: Rows of features.
        labels: 0 or 1, shape ``(n, k)``.
        strength: sklearn's C.
        scaled: Lift features by how differently the label has them (after Wang & Manning 2012).
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
    """Return what affect is told of the fine emotions: logits and probabilities."""
    return np.concatenate([logits / 1.5, BEND * sigmoid(logits)], axis=1)


def fit_affect(
    train: Corpus, dev: Corpus, rarity: Floats, fine: tuple[Floats, Floats]
) -> tuple[tuple[Floats, Floats], Floats, Floats]:
    """Fit valence, arousal and dominance on features and on what the fine emotions say.

    The strength of each is chosen on ``dev``.

    Returns:
        Weights and offsets on features, weights on ``bent``, and the standard deviations of the
        errors on ``dev``.
    """
    from sklearn.linear_model import Ridge

    x = {name: matrix(features(c.lines), rarity) for name, c in (("train", train), ("dev", dev))}
    said = {name: bent(rows @ fine[0] + fine[1]) for name, rows in x.items()}
    middle, spread = said["train"].mean(axis=0), said["train"].std(axis=0) / SHARE
    both = {
        name: sparse.hstack([rows, sparse.csr_matrix((said[name] - middle) / spread)]).tocsr()
        for name, rows in x.items()
    }
    goal = train.values
    weights, told, offsets = np.zeros((BUCKETS, 3)), np.zeros((len(middle), 3)), np.zeros(3)
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
        weights[:, k], told[:, k] = best.coef_[:BUCKETS], best.coef_[BUCKETS:] / spread
        offsets[k] = mean - middle @ told[:, k]
        errors[k] = float(np.std(dev.values[:, k] - guess - mean))
    return (weights, offsets), told, errors


def thresholds(shares: Floats, labels: Floats) -> Floats:
    """Return for each class the probability from which it is called, best by F1."""
    from sklearn.metrics import f1_score

    grid = np.linspace(0.02, 0.8, 79)
    best = []
    for share, label in zip(shares.T, labels.T, strict=True):
        scores = [f1_score(label, share > edge) for edge in grid]
        # A neighbourhood of edges, not a lucky one.
        smooth = np.convolve(scores, np.ones(3) / 3, "same")
        best.append(grid[int(np.argmax(smooth))])
    return np.array(best)
