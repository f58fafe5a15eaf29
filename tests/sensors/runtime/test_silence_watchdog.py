"""Silence is noticed, whatever the rate."""

from __future__ import annotations

import pytest

from sentio_sensors.runtime.backoff import FIRST, LARGEST, Backoff
from sentio_sensors.runtime.silence_watchdog import SilenceWatchdog


@pytest.mark.parametrize("rate", [20.0, 64.0, 250.0, 16000.0])
def test_a_fast_stream_is_flagged_within_half_a_second(rate: float) -> None:
    dog = SilenceWatchdog(rate, 0.0)
    for step in range(100):
        dog.fed(step * 0.02)
    assert not dog.silent(99 * 0.02 + 0.3)
    assert dog.silent(99 * 0.02 + 0.4)


def test_a_slow_stream_is_given_time() -> None:
    dog = SilenceWatchdog(4.0, 0.0)
    dog.fed(0.25)
    assert not dog.silent(1.25)
    assert dog.silent(1.6)


def test_a_device_that_sends_large_chunks_is_given_time() -> None:
    dog = SilenceWatchdog(250.0, 0.0)
    for step in range(10):
        dog.fed(step * 0.5)
    assert not dog.silent(4.5 + 0.9)
    assert dog.silent(4.5 + 1.6)


def test_chunks_of_several_seconds_are_waited_for_also_after_reopening() -> None:
    dog = SilenceWatchdog(64.0, 0.0)
    for step in range(1, 5):
        dog.fed(step * 7.8)
    assert not dog.silent(4 * 7.8 + 8.5)
    assert dog.silent(4 * 7.8 + 12.0)
    again = SilenceWatchdog(64.0, 40.0, dog.interval)
    assert not again.silent(49.0)
    again.fed(42.0, before=34.2)
    assert not again.silent(42.0 + 8.5)


def test_a_pause_is_forgotten_within_a_second() -> None:
    dog = SilenceWatchdog(250.0, 0.0)
    dog.fed(20.0)
    for step in range(50):
        dog.fed(20.0 + step * 0.02)
    assert dog.interval == 0
    assert dog.silent(21.0 + 2.0)


def test_an_irregular_stream_may_be_silent() -> None:
    assert not SilenceWatchdog(0.0, 0.0).silent(1e6)


def test_waits_double_up_to_a_limit_and_begin_again() -> None:
    back = Backoff(lambda: 0.5)
    waits = [back.wait() for _ in range(6)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    back.reset()
    assert back.wait() == FIRST


@pytest.mark.parametrize("random", [0.0, 1.0])
def test_waits_differ_a_little(random: float) -> None:
    back = Backoff(lambda: random)
    waits = [back.wait() for _ in range(6)]
    assert waits[0] == pytest.approx(FIRST * (0.8 if random == 0 else 1.2))
    assert max(waits) <= LARGEST
