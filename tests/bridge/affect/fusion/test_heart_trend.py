"""A heart trend is free of breath and pressure swings, and follows changes."""

from __future__ import annotations

from math import pi, sin

import numpy as np
import pytest

from sentio_bridge.affect.fusion.heart_trend import HeartTrend

EVERY = 0.5


def course(rates: list[float], breathing: float | None = None) -> np.ndarray:
    trend = HeartTrend()
    return np.array([trend.take(rate, breathing, EVERY * i) for i, rate in enumerate(rates)])


@pytest.mark.parametrize(("breaths", "left"), [(9.0, 0.4), (15.0, 0.25), (22.0, 0.2)])
def test_swings_of_a_known_breath_are_taken_out(breaths: float, left: float) -> None:
    rates = [70.0 + 4.0 * sin(2 * pi * breaths / 60 * EVERY * i) for i in range(240)]
    found = course(rates, breaths)[120:]
    assert found.std() < left * np.std(rates)
    assert found.mean() == pytest.approx(70.0, abs=0.3)


def test_waves_of_blood_pressure_are_nearly_halved() -> None:
    rates = [70.0 + 3.0 * sin(2 * pi * 0.1 * EVERY * i) for i in range(240)]
    assert course(rates)[120:].std() < 0.6 * np.std(rates)


def test_a_change_of_six_seconds_is_followed_within_two() -> None:
    times = EVERY * np.arange(200)
    rates = 65.0 + 15.0 * np.clip((times - 60.0) / 6.0, 0.0, 1.0)
    swinging = rates + 3.0 * np.sin(2 * pi * 0.25 * times)
    half = times[np.argmax(course(swinging.tolist()) > 72.5)]
    assert 62.0 < half < 65.0
    assert course(rates.tolist())[-20:] == pytest.approx(80.0, abs=1.0)


def test_rates_that_jump_about_are_smoothed_more() -> None:
    draw = np.random.default_rng(3)
    for spread, share in ((1.0, 1.0), (8.0, 0.45)):
        rates = 70.0 + spread * draw.standard_normal(400)
        assert course(rates.tolist())[200:].std() < share * spread


def test_an_older_rate_changes_nothing_and_a_long_gap_is_bridged() -> None:
    trend = HeartTrend()
    for i in range(60):
        before = trend.take(70.0, 15.0, EVERY * i)
    assert trend.take(120.0, None, 3.0) == before
    assert trend.take(95.0, None, 330.0) == pytest.approx(95.0, abs=4.0)


def test_an_older_breathing_rate_changes_nothing() -> None:
    alone, disturbed = HeartTrend(), HeartTrend()
    for i in range(120):
        rate = 70.0 + 4.0 * sin(2 * pi * 0.25 * EVERY * i)
        expected = alone.take(rate, 15.0 if i == 0 else None, EVERY * i)
        assert disturbed.take(rate, 15.0 if i == 0 else None, EVERY * i) == expected
        disturbed.take(rate, 30.0, EVERY * i - 2.0)
