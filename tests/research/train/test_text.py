"""Tests of what training of the text model fits by itself."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_research.train.text import sharpness_of


@pytest.mark.parametrize("power", [0.5, 1.0, 1.8])
def test_the_exponent_that_made_the_labels_is_found(power: float) -> None:
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(5), 20_000)
    wanted = shares**power
    wanted /= wanted.sum(axis=1, keepdims=True)
    drawn = (rng.random((len(shares), 1)) > wanted.cumsum(axis=1)).sum(axis=1).clip(max=4)
    labels = np.eye(5)[drawn]
    several = np.ones((100, 5))  # lines with several labels do not count
    found = sharpness_of(np.vstack([shares, np.full((100, 5), 0.2)]), np.vstack([labels, several]))
    assert found == pytest.approx(power, abs=0.06)
