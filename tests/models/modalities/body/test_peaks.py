"""Tests of peaks: the same as scipy's."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sentio_models.modalities.body.peaks import find_peaks

SMOOTH = st.lists(st.floats(-1e6, 1e6), max_size=60)
PLATEAUS = st.lists(st.integers(0, 3).map(float), max_size=60)
GAPS = st.lists(st.sampled_from([0.0, 1.0, 2.0, float("nan")]), max_size=30)


@given(SMOOTH | PLATEAUS | GAPS, st.integers(1, 20), st.floats(-2, 2))
def test_peaks_are_those_of_scipy(
    signal: ModuleType, values: list[float], distance: int, height: float
) -> None:
    curve = np.array(values, np.float64)
    assert find_peaks(curve).tolist() == signal.find_peaks(curve)[0].tolist()
    expected, _ = signal.find_peaks(curve, height=height, distance=distance)
    assert find_peaks(curve, distance, height).tolist() == expected.tolist()


def test_peaks_of_a_long_curve_are_those_of_scipy(signal: ModuleType) -> None:
    rng = np.random.default_rng(3)
    curve = np.sin(np.arange(4000) / 7.0) + 0.3 * rng.standard_normal(4000)
    expected, _ = signal.find_peaks(curve, height=0.5, distance=25)
    assert len(expected) > 50
    assert find_peaks(curve, 25, 0.5).tolist() == expected.tolist()


def test_body_model_does_not_import_scipy_signal() -> None:
    code = "import sys, sentio_models.modalities.body; sys.exit('scipy.signal' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
