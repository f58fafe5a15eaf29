"""Rates and percentiles of the last seconds."""

from __future__ import annotations

import threading

import pytest

from sentio_bridge.core.metrics import Recent


def test_only_the_last_seconds_count() -> None:
    recent = Recent(seconds=10.0)
    for second in range(100):
        recent.add(float(second), float(second))
    percentiles = recent.percentiles(99.0)
    assert percentiles["p50"] == pytest.approx(94.0)
    assert recent.rate(99.0) == pytest.approx(1.0)
    assert recent.percentiles(200.0) == {}
    assert recent.rate(200.0) == 0.0


def test_one_thread_adds_while_another_reads() -> None:
    recent, done = Recent(), threading.Event()

    def add() -> None:
        index = 0
        while not done.is_set():
            recent.add(1.0, index * 1e-4)
            index += 1

    thread = threading.Thread(target=add)
    thread.start()
    try:
        for index in range(3000):
            recent.rate(index * 1e-4)  # short: most of it is the copy that must be atomic
    finally:
        done.set()
        thread.join()


def test_older_values_are_not_kept() -> None:
    recent = Recent(seconds=10.0)
    for index in range(1000):
        recent.add(float(index), index * 0.5)
    assert len(recent._values) == 21  # noqa: SLF001
    assert recent.percentiles(499.5)["p50"] == 989.0
