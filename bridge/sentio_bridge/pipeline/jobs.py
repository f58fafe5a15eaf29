"""Slow work on a thread of its own, one job after the other, results under the hub's lock."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sentio_bridge.defects import DefectLog
from sentio_bridge.errors import RequestError

logger = logging.getLogger(__name__)

WAITING = 16
"""Jobs that may wait; a client that asks for more is refused."""


@dataclass(frozen=True, slots=True)
class JobDone:
    """Work is done; ``finish`` must be called under the hub's lock, with the time.

    Attributes:
        finish: Applies what follows; LSL clock, seconds.
    """

    finish: Callable[[float], None]


class JobRunner:
    """Runs jobs in the order in which they came.

    Args:
        post: Takes what is done; called from the job thread.
        defects: Logs and counts what jobs should not raise.
    """

    def __init__(self, post: Callable[[JobDone], None], defects: DefectLog | None = None) -> None:
        self._post = post
        self._defects = defects or DefectLog()
        self._jobs: queue.Queue[tuple[Callable[[], None], Callable[[float], None]] | None]
        self._jobs = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None

    def submit(self, work: Callable[[], None], done: Callable[[float], None]) -> None:
        """Run ``work`` on the job thread, then post ``done``; one caller at a time.

        Raises:
            RequestError: ``busy``: too many jobs wait.
        """
        try:
            self._jobs.put_nowait((work, done))
        except queue.Full:
            raise RequestError("busy", f"{WAITING} jobs wait already", "ask again later") from None
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sentio-jobs", daemon=True)
            self._thread.start()

    def close(self, timeout: float = 10.0) -> None:
        """Run what waits, then end the thread; waits up to ``timeout`` seconds for that."""
        if self._thread is None:
            return
        try:
            self._jobs.put(None, timeout=timeout)
        except queue.Full:
            logger.error("jobs are stuck; %d were given up", self._jobs.qsize())
            return
        self._thread.join(timeout)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, done = job
            with self._defects.contained("a job failed"):
                work()
            with self._defects.contained("what follows from a job failed"):
                self._post(JobDone(done))
