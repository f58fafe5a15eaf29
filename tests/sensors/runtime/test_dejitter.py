"""Bunched stamps become even without losing the device's clock."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_sensors.runtime.dejitter import Dejitter


def run(stamps: list[np.ndarray], rate: float) -> np.ndarray:
    filter_ = Dejitter(rate)
    return np.concatenate([filter_.straighten(chunk) for chunk in stamps])


def test_a_drifting_device_is_followed() -> None:
    true = np.arange(30_000) / 250.0 * (1 + 200e-6)  # 200 ppm slow
    rng = np.random.default_rng(0)
    arrival = true + rng.exponential(0.004, len(true))
    bunches = [np.full(10, arrival[i + 9]) for i in range(0, len(true), 10)]
    even = run(bunches, 250.0)
    error = even - true
    assert np.abs(error[2500:]).max() < 0.015
    assert error[2500:].std() < 0.003
    assert np.diff(even).min() > 0


def test_a_gap_is_kept_as_a_gap() -> None:
    before = [np.arange(i, i + 10) / 100.0 for i in range(0, 200, 10)]
    after = [5.0 + np.arange(i, i + 10) / 100.0 for i in range(200, 400, 10)]
    even = run(before + after, 100.0)
    assert even[199] == pytest.approx(1.99, abs=1e-6)
    assert even[200] == pytest.approx(7.0, abs=1e-6)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=40), st.randoms())
def test_time_never_runs_backwards_while_the_jitter_is_small(sizes: list[int], random) -> None:  # type: ignore[no-untyped-def]
    stamps, index = [], 0
    for size in sizes:
        index += size
        stamps.append(np.full(size, index / 250.0 + random.uniform(0, 0.05)))
    even = run(stamps, 250.0)
    assert (np.diff(even) > 0).all()
