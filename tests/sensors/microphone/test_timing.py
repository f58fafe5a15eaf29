"""Tests of smoothing stamps: drift, monotonicity, gaps."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sentio_sensors.microphone.timing import GAP_S, SampleClock


def test_jitter_is_smoothed_and_drift_followed() -> None:
    clock, rng = SampleClock(16000), np.random.default_rng(1)
    rate = 16000 * (1 + 200e-6)
    errors = []
    for index in range(3000):
        true = 5.0 + index * 256 / rate
        start, lost = clock.block(true + rng.exponential(0.001), 256)
        assert lost == 0
        errors.append(start - true)
    settled = np.array(errors[1000:])
    assert np.abs(settled).max() < 0.0015
    assert settled.std() < 0.0002


def test_gap_is_counted_and_skipped() -> None:
    clock = SampleClock(16000)
    clock.block(1.0, 160)
    assert clock.block(1.01, 160) == (1.01, 0)
    start, lost = clock.block(1.22, 160)
    assert (start, lost) == (1.22, 3200)


@given(st.lists(st.floats(-0.9 * GAP_S, 0.9 * GAP_S), min_size=2, max_size=50))
def test_stamps_always_increase(jitter: list[float]) -> None:
    clock, last = SampleClock(16000), -1.0
    for index, deviation in enumerate(jitter):
        start, lost = clock.block(index * 0.01 + deviation / 2, 160)
        if not lost and start > last - GAP_S:
            assert start > last or abs(start - last) > GAP_S / 2
        last = start + 159 / 16000
