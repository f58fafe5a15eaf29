"""Tests of faulty body sensors: quality falls, with a reason."""

import numpy as np
import pytest

from sentio_models import Signal, Window
from sentio_models.modalities.body import BodyEstimator

SECONDS = 60


def pulse(rate=64.0, bpm=72.0):
    t = np.arange(int(SECONDS * rate)) / rate
    phase = np.mod(t * bpm / 60, 1.0)
    noise = np.random.default_rng(0).normal(0, 0.02, len(t))
    return 60 * (np.exp(-0.5 * ((phase - 0.2) / 0.07) ** 2) + noise)


def skin(rate=4.0):
    return 3 + 0.01 * np.random.default_rng(0).normal(size=int(SECONDS * rate)).cumsum()


def signal(values, rate, stated=None):
    offsets = (np.arange(len(values)) - (len(values) - 1)) / rate
    return Signal(np.asarray(values, np.float32)[:, None], offsets, stated or rate, ("x",))


def still(rate=32.0):
    noise = np.random.default_rng(0).normal(0, 0.003, (int(SECONDS * rate), 3))
    offsets = (np.arange(len(noise)) - (len(noise) - 1)) / rate
    return Signal((noise + [0, 0, 1]).astype(np.float32), offsets, rate, tuple("xyz"))


def half(values, fill):
    values = values.copy()
    values[len(values) // 2 :] = fill
    return values


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (lambda x: np.full_like(x, 512.0), "flat"),
        (lambda x: half(x, 0.0), "flat"),
        (lambda x: half(x, 512.0), "clipping"),
        (lambda x: np.clip(40 * (x - x.mean()), -100, 100), "clipping"),
        (lambda x: half(x, np.nan), "gap"),
        (lambda x: x[:64], "short"),
        (lambda x: np.random.default_rng(1).normal(0, 50, len(x)), "irregular"),
    ],
)
def test_a_faulty_pulse_lowers_the_quality_with_a_reason(fault, reason):
    good = BodyEstimator().estimate(Window({"ppg": signal(pulse(), 64.0), "accel": still()}))
    faulty = signal(fault(pulse()), 64.0)
    result = BodyEstimator().estimate(Window({"ppg": faulty, "accel": still()}))
    assert good.quality > 0.9
    assert result.quality < 0.6 * good.quality
    assert reason in result.reasons
    assert "heart_rate" not in result.readings


def test_a_pulse_at_another_rate_than_stated_is_reported_and_read_by_its_times():
    result = BodyEstimator().estimate(Window({"ppg": signal(pulse(50.0), 50.0, stated=100.0)}))
    assert result.readings["heart_rate"].mean == pytest.approx(72.0, abs=2)
    heart_too_slow = BodyEstimator().estimate(Window({"ppg": signal(pulse(4.0), 4.0)}))
    assert "heart_rate" not in heart_too_slow.readings
    assert heart_too_slow.quality < 0.5


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (lambda x: np.full_like(x, 3.0), "flat"),
        (lambda x: x * 0 + 0.001, "not_worn"),
        (lambda x: x + 400.0, "shorted"),
        (lambda x: half(x, np.nan), "gap"),
        (lambda x: x + np.random.default_rng(1).normal(0, 1.0, len(x)), "noisy"),
    ],
)
def test_faulty_electrodes_lower_the_quality_with_a_reason(fault, reason):
    good = BodyEstimator().estimate(Window({"eda": signal(skin(), 4.0)}))
    result = BodyEstimator().estimate(Window({"eda": signal(fault(skin()), 4.0)}))
    assert result.quality < 0.8 * good.quality
    assert reason in result.reasons


def test_a_sensor_that_is_not_worn_gives_no_affect():
    dead = {"ppg": signal(np.zeros(3840), 64.0), "eda": signal(np.zeros(240), 4.0)}
    result = BodyEstimator().estimate(Window(dead))
    assert result.quality == 0.0
    assert "stress" not in result.readings
    air = BodyEstimator().estimate(Window({"temp": signal(np.full(240, 21.0), 4.0)}))
    assert air.quality == 0.0
    assert "not_worn" in air.reasons


def test_noise_takes_the_responses_of_the_skin_before_its_level():
    noise = np.random.default_rng(1).normal(0, 1.0, SECONDS * 4)
    estimates = {}
    for scale in (0.0, 0.2, 0.3, 3.0):
        estimate = BodyEstimator().estimate(Window({"eda": signal(skin() + scale * noise, 4.0)}))
        estimates[scale] = estimate
    for scale in (0.2, 0.3):
        result = estimates[scale]
        assert "noisy" in result.reasons
        assert 0.1 < result.quality < estimates[0.0].quality
        assert "scr_rate" not in result.readings
        assert result.readings["scl"].mean == pytest.approx(3.0, abs=0.4)
        assert result.readings["scl"].variance > estimates[0.0].readings["scl"].variance
        assert {"ln_scl", "scl_slope"} <= result.features.keys()
        assert "scl_now" not in result.features
    assert "scr_rate" in estimates[0.0].readings
    assert estimates[3.0].readings == {}


def test_a_heart_rate_of_a_clipped_wave_has_the_reason():
    cut = np.minimum(pulse(), 20.0)
    result = BodyEstimator().estimate(Window({"ppg": signal(cut, 64.0)}))
    assert result.readings["heart_rate"].mean == pytest.approx(72.0, abs=2)
    assert result.quality < 1.0
    assert "clipping" in result.reasons
