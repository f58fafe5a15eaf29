"""Stopwatch that leaves out the time for which programs waited for a processor."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

NANOSECOND = 1e-9

LEAST = 0.05
"""Share of the time that always counts. The threads of a program may wait at once; their sum can
exceed the time, and a limit must be reached in the end."""


class Stopwatch:
    """Measured time of programs, independent of what else runs on the machine.

    A busy machine delays a program without its fault. Linux counts for each thread how long it
    was ready and had to wait; these waits, of this process and of the given ones, are subtracted.
    Elsewhere nothing is. Source: the kernel's documentation, scheduler/sched-stats.

    Args:
        pids: Returns the processes whose waits are subtracted; called at each reading.
    """

    def __init__(self, pids: Callable[[], Iterable[int]] = tuple) -> None:
        self._pids = pids
        self._waits: dict[str, int] = {}
        self.restart()

    def restart(self) -> None:
        """Set the time to 0."""
        self._waited()
        self._at = time.monotonic()
        self._elapsed = 0.0

    def elapsed(self) -> float:
        """Return the seconds since the start without waits for a processor."""
        waited, now = self._waited(), time.monotonic()
        passed, self._at = now - self._at, now
        self._elapsed += max(LEAST * passed, passed - waited)
        return self._elapsed

    def _waited(self) -> float:
        """Return the seconds that all threads have waited since the last call."""
        waited = 0
        for pid in {os.getpid(), *self._pids()}:
            for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                try:
                    wait = int(path.read_text().split()[1])
                except (OSError, IndexError):  # the thread has ended
                    continue
                waited += wait - self._waits.get(str(path), 0)
                self._waits[str(path)] = wait
        return waited * NANOSECOND
