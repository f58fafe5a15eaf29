"""Tests of input statistics: activity relative to the player's norm."""

from __future__ import annotations

from math import isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sentio_models import Norm
from sentio_models.estimate import Estimate
from sentio_models.modalities.game import GameInputEstimator
from sentio_models.modalities.game.input_features import CHANNELS, NAMES
from sentio_models.window import Signal, Window

HZ = 2.0


def window(values: np.ndarray, channels: tuple[str, ...], step: float = 0.5) -> Window:
    """Return the newest minute of statistics as a window."""
    newest = values[-120:]
    offsets = (np.arange(len(newest)) - len(newest) + 1) / HZ
    return Window({"input": Signal(newest.astype(np.float32), offsets, HZ, channels)}, step)


def play(estimator: GameInputEstimator, keys: list[float], idle: float = 0.0) -> Estimate:
    """Run key rates through the estimator; return the last estimate."""
    values = np.array([[rate, idle] for rate in keys])
    estimate = Estimate("game")
    for end in range(1, len(values) + 1):
        estimate = estimator.estimate(window(values[:end], ("keys", "idle")))
    return estimate


def test_more_keys_than_usual_are_more_activity() -> None:
    usual = [1.0, 2.0] * 120
    busy = play(GameInputEstimator(), [*usual, *[6.0] * 40])
    calm = play(GameInputEstimator(), [*usual, *[0.1] * 40])
    assert busy.features["input_activity"] > 1.0 > -1.0 > calm.features["input_activity"]


def test_no_reading_is_given() -> None:
    estimate = play(GameInputEstimator(), [2.0] * 200)
    assert not estimate.readings
    assert estimate.quality == pytest.approx(1.0)
    assert abs(estimate.features["input_arousal"]) < 0.5


def test_a_new_player_is_warming() -> None:
    young = play(GameInputEstimator(), [2.0] * 20)
    assert "warming" in young.reasons
    assert young.quality < 0.5


def test_an_idle_player_gives_no_reading() -> None:
    idle = play(GameInputEstimator(), [0.0] * 100, idle=40.0)
    assert (idle.quality, idle.reasons) == (0.0, ("idle",))
    assert idle.features["input_idle"] == pytest.approx(40.0)


def test_errors_are_counted_per_minute() -> None:
    values = np.column_stack([np.full(120, 2.0), np.zeros(120)])
    values[-20::4, 1] = 2.0  # an error in every fourth half second: 5 in 10 s
    estimate = GameInputEstimator().estimate(window(values, ("keys", "errors")))
    assert estimate.features["input_errors"] == pytest.approx(20.0)


def test_a_stick_alone_is_enough() -> None:
    values = np.abs(np.sin(np.arange(400) / 3.0))[:, None]
    estimate = GameInputEstimator().estimate(window(values, ("stick_speed",)))
    assert isfinite(estimate.features["input_activity"])
    assert "actions_15_s" not in estimate.features


def test_unknown_channels_are_ignored() -> None:
    estimate = GameInputEstimator().estimate(window(np.ones((100, 1)), ("blood_type",)))
    assert (estimate.quality, estimate.reasons) == (0.0, ("no_signal",))


def test_a_profile_sets_what_is_usual() -> None:
    estimator = GameInputEstimator()
    estimator.personalise({name: Norm(np.log1p(8.0), 0.2, 100.0) for name in NAMES})
    slow = play(estimator, [2.0] * 20)
    assert slow.features["input_activity"] < -2.0


def test_equal_input_gives_equal_estimates() -> None:
    keys = list(np.random.default_rng(3).poisson(2.0, 200).astype(float))
    assert play(GameInputEstimator(), keys) == play(GameInputEstimator(), keys)


@settings(max_examples=40, deadline=None)
@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 30), st.just(len(CHANNELS))),
        elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
    )
)
def test_no_input_raises_or_gives_numbers_that_are_not_finite(values: np.ndarray) -> None:
    assert GameInputEstimator().estimate(window(values, CHANNELS)).finite()
