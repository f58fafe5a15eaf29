"""Tests that the metrics equal those of scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sentio_research.metrics import (
    auc,
    bootstrap,
    confusion,
    ece,
    macro_f1_of_labels,
    recalls,
    uar,
)


@pytest.fixture
def sklearn() -> Any:
    """Return scikit-learn's metrics, which only the worker of these tests imports."""
    return pytest.importorskip("sklearn.metrics")


@pytest.mark.parametrize("seed", range(5))
def test_auc_equals_scikit_learn_with_and_without_ties(sklearn: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, 300)
    for score in (rng.normal(truth, 1.0), np.round(rng.normal(truth, 1.0))):
        assert auc(truth, score) == pytest.approx(sklearn.roc_auc_score(truth, score), abs=1e-12)


def test_auc_of_one_class_is_nan() -> None:
    assert np.isnan(auc(np.ones(5, np.int64), np.arange(5.0)))


@pytest.mark.parametrize("seed", range(5))
def test_recalls_equal_scikit_learn(sklearn: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, 200)
    guess = np.where(rng.random(200) < 0.5, truth, rng.integers(0, 4, 200))
    assert (confusion(truth, guess, 4) == sklearn.confusion_matrix(truth, guess)).all()
    assert recalls(truth, guess, 4) == pytest.approx(
        sklearn.recall_score(truth, guess, average=None)
    )
    assert uar(truth, guess) == pytest.approx(sklearn.balanced_accuracy_score(truth, guess))


def test_f1_of_labels_equals_scikit_learn(sklearn: Any) -> None:
    rng = np.random.default_rng(0)
    truth, guess = rng.integers(0, 2, (100, 5)), rng.random((100, 5)) < 0.4
    expected = sklearn.f1_score(truth, guess, average="macro", zero_division=0)
    assert macro_f1_of_labels(truth, guess) == pytest.approx(expected)


def test_ece_is_the_gap_between_confidence_and_accuracy() -> None:
    probabilities = np.array([[0.9, 0.1]] * 10 + [[0.3, 0.7]] * 10)
    truth = np.array([0] * 8 + [1] * 2 + [1] * 5 + [0] * 5)
    assert ece(truth, probabilities) == pytest.approx(0.5 * 0.1 + 0.5 * 0.2)


def test_bootstrap_resamples_whole_groups() -> None:
    values = np.repeat(np.arange(10.0), 50)
    groups = np.repeat(np.arange(10), 50)
    grouped = bootstrap(lambda rows: float(values[rows].mean()), groups)
    single = bootstrap(lambda rows: float(values[rows].mean()), np.arange(500))
    assert (grouped.value, grouped.n, grouped.groups) == (4.5, 500, 10)
    assert grouped.high - grouped.low > 5 * (single.high - single.low)
