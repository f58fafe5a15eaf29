"""Tests of the clocks."""

from __future__ import annotations

import pytest

from sentio_sensors import ManualClock, MonotonicClock


def test_monotonic_clock_equals_lsl_clock() -> None:
    pylsl = pytest.importorskip("pylsl", exc_type=ImportError)
    clock = MonotonicClock()
    before, lsl, after = clock.now(), pylsl.local_clock(), clock.now()
    assert before <= lsl <= after


def test_manual_clock_moves_only_on_request() -> None:
    clock = ManualClock(5.0)
    clock.sleep(2.0)
    clock.sleep(-1.0)
    assert clock.now() == 7.0
