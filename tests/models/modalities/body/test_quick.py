"""Tests of the features of the newest 15 s of pulse and skin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_models import Signal
from sentio_models.modalities.body import BodyEstimator
from sentio_models.modalities.body.quick import NAMES, PULSE, SKIN, quick
from sentio_models.window import Window


def signal(values, rate, channels=("x",)):
    values = np.asarray(values, np.float32)
    values = values[:, None] if values.ndim == 1 else values
    return Signal(values, (np.arange(len(values)) - (len(values) - 1)) / rate, rate, channels)


def wave(bpm=72.0, seconds=60.0, rate=64.0, wide=0.07, noise=0.0, sign=1.0):
    phase = np.mod(np.arange(int(seconds * rate)) / rate * bpm / 60, 1.0)
    shape = np.exp(-0.5 * ((phase - 0.3) / wide) ** 2)
    return sign * 60 * (shape + np.random.default_rng(0).normal(0, noise, len(phase)))


def moving(rms, seconds=60.0, rate=32.0):
    values = np.zeros((int(seconds * rate), 3))
    values[:, 2] = 1.0
    values[:, 0] = rms * np.sqrt(2) * np.sin(2 * np.pi * 2 * np.arange(len(values)) / rate)
    return signal(values, rate, tuple("xyz"))


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("bpm", [50.0, 72.0, 130.0])
def test_a_clean_pulse_has_its_rate_and_full_trust(bpm, sign):
    found = quick({"ppg": signal(wave(bpm, sign=sign), 64.0), "accel": moving(0.0)})
    assert found["heart_rate_15s"] == pytest.approx(bpm, abs=1.5)
    assert found["pulse_likeness_15s"] == pytest.approx(1.0, abs=0.05)
    assert found["pulse_stillness_15s"] == pytest.approx(1.0)


def test_a_wide_beat_is_wider_and_less_skewed():
    narrow, wide = (quick({"ppg": signal(wave(60.0, wide=w), 64.0)}) for w in (0.06, 0.12))
    assert wide["ln_pulse_width_15s"] > narrow["ln_pulse_width_15s"] + 0.4
    assert wide["pulse_skewness_15s"] < narrow["pulse_skewness_15s"]
    assert wide["pulse_kurtosis_15s"] < narrow["pulse_kurtosis_15s"]


def test_noise_lowers_likeness_and_movement_lowers_stillness():
    noisy = quick({"ppg": signal(wave(noise=0.5), 64.0), "accel": moving(0.03)})
    assert noisy["pulse_likeness_15s"] < 0.5
    assert noisy["pulse_stillness_15s"] == pytest.approx(0.5, abs=0.02)


def test_only_the_newest_15_s_count():
    old = np.concatenate([wave(60.0, 45.0), wave(100.0, 15.0)])
    skin = np.concatenate([np.full(4 * 45, 5.0), np.linspace(5.0, 6.0, 4 * 15)])
    found = quick({"ppg": signal(old, 64.0), "eda": signal(skin, 4.0)})
    assert found["heart_rate_15s"] == pytest.approx(100.0, abs=2)
    assert found["ln_scl_slope_15s"] == pytest.approx(4 * np.log(1.2), rel=0.05)
    assert found["ln_scl_rise_15s"] == pytest.approx(10 / 15 * np.log(1.2), rel=0.1)


def test_short_streams_and_dry_skin_are_unknown():
    assert quick({"ppg": signal(wave(seconds=8.0), 64.0)}) == {}
    assert quick({"eda": signal(np.full(30, 5.0), 4.0)}) == {}
    assert quick({"eda": signal(np.full(240, 0.01), 4.0)}) == {}
    assert quick({}) == {}


def test_the_named_column_is_read():
    both = np.stack([np.random.default_rng(1).normal(size=3840), wave(90.0)], axis=1)
    found = quick({"ppg": signal(both, 64.0, ("red", "green"))}, "green")
    assert found["heart_rate_15s"] == pytest.approx(90.0, abs=1.5)


@given(st.integers(0, 2**32 - 1), st.integers(2, 2000), st.floats(1e-6, 1e6))
def test_no_content_raises_an_error(seed, length, gain):
    rng = np.random.default_rng(seed)
    values = (gain * rng.standard_t(1.5, length)).astype(np.float32)
    values[rng.random(length) < 0.1] = np.nan
    found = quick({"ppg": signal(values, 64.0), "eda": signal(values, 4.0)})
    assert set(found) <= set(NAMES)
    assert np.isfinite(list(found.values())).all()


def test_an_estimate_holds_the_features_of_15_s_beside_those_of_a_minute():
    estimator = BodyEstimator()
    window = Window({"ppg": signal(wave(), 64.0), "eda": signal(np.full(240, 5.0), 4.0)}, 1.0)
    features = estimator.estimate(window).features
    assert set(PULSE + SKIN) <= set(features)
    assert features["heart_rate_15s"] == pytest.approx(features["heart_rate"], abs=2)
