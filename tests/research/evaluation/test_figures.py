"""Tests that the figures of model cards are written and reproducible."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sentio_research.evaluation.figures import (
    confusion_figure,
    reliability_figure,
    roc_figure,
    spread_figure,
)

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(4), 200)
    truth = np.array([rng.choice(4, p=p) for p in probabilities])
    return truth, probabilities


def test_every_figure_is_a_reproducible_png(
    tmp_path: Path, rows: tuple[np.ndarray, np.ndarray]
) -> None:
    truth, probabilities = rows
    table = np.array([[5, 1], [0, 7]], np.int64)
    for again in ("a", "b"):
        folder = tmp_path / again / "deep"
        confusion_figure(table, ["rest", "stress"], folder / "c.png", "Confusion")
        reliability_figure(truth, probabilities, folder / "r.png", "Reliability")
        roc_figure({"one": (truth == 1, probabilities[:, 1])}, folder / "roc.png", "ROC")
        spread_figure({"S1": 0.7, "S2": 0.9, "S3": float("nan")}, folder / "s.png", "Spread", "AUC")
    for name in ("c", "r", "roc", "s"):
        first, second = (tmp_path / a / "deep" / f"{name}.png" for a in "ab")
        assert first.read_bytes().startswith(PNG)
        assert first.read_bytes() == second.read_bytes()


def test_other_data_gives_another_figure(tmp_path: Path) -> None:
    for name, value in (("a", 0.2), ("b", 0.8)):
        spread_figure({"S1": value}, tmp_path / f"{name}.png", "Spread", "AUC")
    assert (tmp_path / "a.png").read_bytes() != (tmp_path / "b.png").read_bytes()


def test_degenerate_input_is_drawn(tmp_path: Path) -> None:
    roc_figure({"one class": (np.ones(3, np.int64), np.arange(3.0))}, tmp_path / "roc.png", "ROC")
    spread_figure({}, tmp_path / "s.png", "Nobody", "AUC")
    confusion_figure(np.zeros((2, 2), np.int64), ["a", "b"], tmp_path / "c.png", "Empty")
    assert len(list(tmp_path.glob("*.png"))) == 3
