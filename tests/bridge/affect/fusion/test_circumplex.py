"""Stress and relaxation from valence and arousal."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_bridge.affect.fusion.circumplex import index, rectified


@pytest.mark.parametrize(("mean", "sd"), [(0.0, 0.3), (0.5, 0.1), (-0.4, 0.2), (0.1, 0.01)])
def test_a_rectified_gaussian_has_the_moments_of_its_samples(mean: float, sd: float) -> None:
    drawn = np.maximum(0.0, np.random.default_rng(1).normal(mean, sd, 200_000))
    expected, variance = rectified(mean, sd * sd)
    assert expected == pytest.approx(drawn.mean(), abs=2e-3)
    assert variance == pytest.approx(drawn.var(), abs=2e-3)


def test_what_was_measured_counts_by_its_precision() -> None:
    suggested, _ = index(0.2, 0.04, None)
    assert index(0.2, 0.04, (0.9, 1e-6))[0] == pytest.approx(0.9, abs=1e-3)
    assert index(0.2, 0.04, (0.9, 1e6))[0] == pytest.approx(suggested, abs=1e-3)
    assert index(0.2, 0.04, (0.9, 0.05))[1] < index(0.2, 0.04, None)[1]
