"""Soak: slopes with intervals, and a short run on a fast clock."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import soak
from benchmarks.fast_sidecar import FastClock
from benchmarks.soak_figures import slope
from benchmarks.soak_page import write


@pytest.mark.parametrize("true", [0.0, 2.5])
def test_slope_is_found_with_an_interval_that_contains_it(true: float) -> None:
    hours = np.linspace(0, 2, 400)
    rng = np.random.default_rng(3)
    found = slope(hours, 300 + true * hours + rng.normal(0, 1, 400))
    assert found.low < true < found.high
    assert found.high - found.low < 1.0
    assert abs(found.value - true) < 0.3


def test_slope_needs_samples() -> None:
    with pytest.raises(ValueError, match="9 samples"):
        slope(np.arange(9.0), np.arange(9.0))


def test_fast_clock_runs_faster() -> None:
    clock = FastClock(50.0)
    before = clock.now()
    clock.sleep(5.0)
    assert 5.0 <= clock.now() - before < 60.0


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_ten_minutes_of_a_fast_clock_lose_nothing() -> None:
    figures = soak.run(10 / 60, 10.0)
    assert not figures["ended_early"]
    assert (figures["gaps"], figures["malformed"]) == (0, 0)
    assert figures["failed_visits"] == {}
    assert figures["descriptors_flat"], figures
    assert figures["threads_flat"], figures
    assert figures["rss_mb"][1] < figures["rss_mb"][0] + 40, figures
    assert "| x 10 |" in write([figures], "2026-01-01", "abc")
