"""One time base for everything."""

from __future__ import annotations

import pytest

from sentio_sensors import ManualClock, MonotonicClock


def test_it_is_the_clock_of_lsl() -> None:
    pylsl = pytest.importorskip("pylsl", exc_type=ImportError)
    clock = MonotonicClock()
    before, lsl, after = clock.now(), pylsl.local_clock(), clock.now()
    assert before <= lsl <= after


def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(5.0)
    clock.sleep(2.0)
    clock.sleep(-1.0)
    clock.advance_to(6.0)
    assert clock.now() == 7.0
