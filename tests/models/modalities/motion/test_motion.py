"""Stillness, restlessness and jolts of head and hands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_models import Signal, Window
from sentio_models.modalities.motion import MotionEstimator
from sentio_sensors.simulated.body import simulate_body
from sentio_sensors.simulated.motion import CHANNELS, motion
from sentio_sensors.simulated.scenario import Scenario, Segment

HZ = 30


def window(values: np.ndarray, channels: tuple[str, ...] = CHANNELS, hz: float = HZ) -> Window:
    """Return a window that ends with the last row."""
    offsets = (np.arange(len(values)) - (len(values) - 1)) / hz
    return Window({"motion": Signal(values.astype(np.float32), offsets, hz, channels)})


def standing(seconds: float = 10.0) -> np.ndarray:
    """Return a head and hands that rest, looking ahead."""
    rows = np.zeros((int(seconds * HZ), len(CHANNELS)))
    rows[:, CHANNELS.index("head_y")] = 1.6
    rows[:, CHANNELS.index("head_forward_z")] = -1.0
    return rows


def test_a_still_person_is_still() -> None:
    estimate = MotionEstimator().estimate(window(standing()))
    assert estimate.features["stillness"] == 1.0
    assert estimate.features["restlessness"] == 0.0
    assert estimate.features["head_jolt"] == 0.0
    assert not estimate.readings
    assert estimate.quality == 1.0


def test_waving_hands_are_restless_and_not_still() -> None:
    rows = standing()
    rows[:, CHANNELS.index("right_x")] = 0.3 * np.sin(2 * np.pi * np.arange(len(rows)) / HZ)
    estimate = MotionEstimator().estimate(window(rows))
    assert estimate.features["stillness"] < 0.1
    assert estimate.features["restlessness"] > 0.6
    assert estimate.features["hand_speed"] > 0.5


def test_a_head_that_is_thrown_back_jolts() -> None:
    rows = standing()
    away = np.clip((np.arange(len(rows)) - len(rows) + 6) / 5, 0, 1)
    rows[:, CHANNELS.index("head_z")] += 0.12 * away
    assert MotionEstimator().estimate(window(rows)).features["head_jolt"] > 4.0


def test_a_turning_head_turns_by_degrees() -> None:
    rows = standing()
    yaw = np.radians(30.0 * np.arange(len(rows)) / HZ)
    rows[:, CHANNELS.index("head_forward_x")] = np.sin(yaw)
    rows[:, CHANNELS.index("head_forward_z")] = -np.cos(yaw)
    estimate = MotionEstimator().estimate(window(rows))
    assert estimate.features["head_turn"] == pytest.approx(30.0, rel=0.05)
    assert estimate.features["stillness"] == 0.0


def test_a_teleport_gives_no_speed() -> None:
    rows = standing()
    rows[150:, CHANNELS.index("head_x")] += 30.0
    assert MotionEstimator().estimate(window(rows)).features["stillness"] == 1.0


def test_a_missing_hand_leaves_the_head() -> None:
    rows = standing()
    rows[:, 6:] = np.nan
    estimate = MotionEstimator().estimate(window(rows))
    assert "hand_speed" not in estimate.features
    assert estimate.features["stillness"] == 1.0


@pytest.mark.parametrize(
    ("rows", "reason"),
    [(standing(0.3), "warming"), (np.full((300, len(CHANNELS)), np.nan), "no_motion")],
)
def test_what_is_too_short_or_lost_has_a_reason(rows: np.ndarray, reason: str) -> None:
    estimate = MotionEstimator().estimate(window(rows))
    assert estimate.quality == 0.0
    assert reason in estimate.reasons


def test_a_stream_without_a_head_is_refused() -> None:
    estimate = MotionEstimator().estimate(window(standing()[:, 6:9], CHANNELS[6:9]))
    assert estimate.reasons == ("no_motion",)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), min_size=36, max_size=36))
def test_any_numbers_give_finite_features(values: list[float]) -> None:
    rows = standing(2.0)
    rows[-3:] = np.array(values).reshape(3, len(CHANNELS))
    with np.errstate(all="ignore"):
        estimate = MotionEstimator().estimate(window(rows))
    assert estimate.finite()


def test_a_simulated_startle_jolts_and_rest_does_not() -> None:
    body = simulate_body(Scenario((Segment(name="x", seconds=40, startles=(20.0,)),)), 3)
    rows = motion(body, HZ, 3)
    estimator = MotionEstimator()

    def jolt(at: float) -> float:
        end = int(at * HZ)
        return estimator.estimate(window(rows[end - 10 * HZ : end])).features["head_jolt"]

    assert jolt(20.6) > 2.0 * max(jolt(15.0), jolt(18.0), jolt(30.0))
