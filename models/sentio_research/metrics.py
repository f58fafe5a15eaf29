"""Figures of model cards, with confidence intervals over groups of people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95 % bootstrap interval.

    Attributes:
        value: The figure on all rows.
        low: 2.5th percentile over resampled groups.
        high: 97.5th percentile.
        n: Rows measured.
        groups: Independent groups (people) resampled; equal to ``n`` for independent rows.
    """

    value: float
    low: float
    high: float
    n: int
    groups: int


def confusion(truth: Ints, guess: Ints, classes: int) -> Ints:
    """Count rows of true class i (row) predicted as j (column)."""
    table = np.zeros((classes, classes), np.int64)
    np.add.at(table, (truth, guess), 1)
    return table


def recalls(truth: Ints, guess: Ints, classes: int) -> Floats:
    """Return the share of each true class that was recognised; NaN for absent classes."""
    table = confusion(truth, guess, classes)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.diag(table) / table.sum(axis=1), np.float64)


def uar(truth: Ints, guess: Ints) -> float:
    """Return the unweighted average recall over the classes that occur."""
    classes = int(max(truth.max(), guess.max())) + 1
    return float(np.nanmean(recalls(truth, guess, classes)))


def accuracy(truth: Ints, guess: Ints) -> float:
    """Return the share of right predictions."""
    return float(np.mean(truth == guess))


def macro_f1_of_labels(truth: NDArray[np.generic], guess: NDArray[np.bool_]) -> float:
    """Return the mean F1 over labels; a row may have several.

    Args:
        truth: 0 or 1, shape ``(n, k)``.
        guess: The same.
    """
    there = np.asarray(truth) > 0
    both = (there & guess).sum(axis=0)
    return float(np.mean(2 * both / np.maximum(there.sum(axis=0) + guess.sum(axis=0), 1)))


def auc(truth: Ints, score: Floats) -> float:
    """Return the area under the ROC curve.

    NaN if a score is NaN or a class is missing.
    """
    if np.isnan(score).any():
        return float("nan")
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]  # ties share their mean rank
    positives = int((truth == 1).sum())
    negatives = len(truth) - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    rank_sum = ranks[truth == 1].sum()
    return float((rank_sum - positives * (positives + 1) / 2) / (positives * negatives))


def pearson(truth: Floats, guess: Floats) -> float:
    """Return Pearson's correlation."""
    return float(np.corrcoef(truth, guess)[0, 1])


def ece(
    truth: Ints, probabilities: Floats, bins: int = 15, *, weights: Floats | None = None
) -> float:
    """Return the expected calibration error of the winning class (Guo et al. 2017).

    Args:
        truth: Class of each row.
        probabilities: Shape ``(n, classes)``.
        bins: Equal-width confidence bins.
        weights: Weight of each row, e.g. so that classes weigh the same; default is equal.
    """
    share = np.ones(len(truth)) if weights is None else weights
    share = share / share.sum()
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for index in range(bins):
        inside = bin_of == index
        error += abs(float((share[inside] * (right[inside] - confidence[inside])).sum()))
    return float(error)


def bootstrap(
    measure: Callable[[Ints], float],
    groups: NDArray[np.generic],
    *,
    rounds: int = 1000,
    seed: int = 0,
) -> Figure:
    """Return a figure with its interval from resampling whole groups (people).

    Args:
        measure: Returns the figure of given row indices.
        groups: The group of each row; use ``np.arange(n)`` for independent rows.
        rounds: Number of resamples.
        seed: Seed of the resampling.
    """
    names, member = np.unique(groups, return_inverse=True)
    rows = [np.flatnonzero(member == g) for g in range(len(names))]
    rng = np.random.default_rng(seed)
    draws = [
        measure(np.concatenate([rows[g] for g in rng.integers(len(rows), size=len(rows))]))
        for _ in range(rounds)
    ]
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    value = measure(np.arange(len(groups)))
    return Figure(value, float(low), float(high), len(groups), len(names))
