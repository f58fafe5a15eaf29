"""Clocks: the time base is seconds of the LSL local clock."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Protocol of a clock that can also wait; injected into everything timed."""

    def now(self) -> float:
        """Return seconds in the LSL local clock domain (monotonic, arbitrary origin)."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; a non-positive duration returns at once."""
        ...


class MonotonicClock:
    """The machine's monotonic clock.

    liblsl's ``local_clock`` is ``std::chrono::steady_clock``, which on Linux and macOS reads
    the same counter as ``time.monotonic``; ``tests/sensors/test_clock.py`` checks it. On
    Windows both read the performance counter through ``time.perf_counter``.
    """

    def __init__(self) -> None:
        self._read = (
            time.perf_counter
            if time.get_clock_info("monotonic").resolution > 1e-3
            else (time.monotonic)
        )

    def now(self) -> float:
        """Return seconds since an arbitrary origin."""
        return self._read()

    def sleep(self, seconds: float) -> None:
        """Wait for ``seconds``."""
        if seconds > 0:
            time.sleep(seconds)


class ManualClock:
    """A clock for tests and simulated sessions that only advances on request.

    Args:
        start: The first reading, seconds.
    """

    def __init__(self, start: float = 1000.0) -> None:
        self._now = start

    def now(self) -> float:
        """Return the time that was set last."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Advance at once instead of waiting."""
        self._now += max(0.0, seconds)
