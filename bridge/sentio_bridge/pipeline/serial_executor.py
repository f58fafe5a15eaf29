"""Work that whichever thread brings it does, one at a time, with nobody waiting for another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class SerialExecutor:
    """Passes work from thread to thread without waking one.

    Waking a thread costs more than most of the work here: a sample that crosses two threads on
    its way spends a third of its time between them. So who brings something does what follows
    from it, unless somebody is at it already, who then does that too.

    Args:
        waiting: Tells whether there is something to do; may be asked by any thread at any time.
        work: Does all of it; only ever one thread at a time.
    """

    def __init__(self, waiting: Callable[[], bool], work: Callable[[], None]) -> None:
        self._waiting = waiting
        self._work = work
        self._lock = threading.Lock()

    def run(self) -> None:
        """Do what waits, or leave it to who is at it; never blocks for another thread."""
        # Asked again after each release: what came in between has found the lock taken.
        while self._waiting() and self._lock.acquire(blocking=False):
            try:
                self._work()
            finally:
                self._lock.release()

    def try_to(self, work: Callable[[], None]) -> None:
        """Do ``work`` in place of the usual one, unless somebody is at that."""
        if self._lock.acquire(blocking=False):
            try:
                work()
            finally:
                self._lock.release()
            self.run()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep everybody from the work, waiting for who is at it; then do what came meanwhile."""
        with self._lock:
            yield
        self.run()
