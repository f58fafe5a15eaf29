"""Sequential slow jobs on a separate thread; results under the hub's lock."""

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
"""Maximum number of queued jobs; further requests are refused."""


@dataclass(frozen=True, slots=True)
class JobDone:
    """Message that a job is done; call ``finish`` with the time under the hub's lock.

    Attributes:
        finish: Applies the results; LSL clock, seconds.
    """

    finish: Callable[[float], None]


class JobRunner:
    """Runner of jobs in order of submission.

    Args:
        post: Receives finished jobs; called from the job thread.
        defects: Log of unexpected exceptions of jobs.
        name: Name of the thread.
    """

    def __init__(
        self,
        post: Callable[[JobDone], None],
        defects: DefectLog | None = None,
        name: str = "sentio-jobs",
    ) -> None:
        self._post = post
        self._name = name
        self._defects = defects or DefectLog()
        self._jobs: queue.Queue[tuple[Callable[[], None], Callable[[float], None]] | None]
        self._jobs = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None

    def submit(self, work: Callable[[], None], done: Callable[[float], None]) -> None:
        """Run ``work`` on the job thread, then post ``done``; one caller at a time.

        Raises:
            RequestError: ``busy``: the queue is full.
        """
        try:
            self._jobs.put_nowait((work, done))
        except queue.Full:
            raise RequestError(
                "busy", f"the queue of {WAITING} jobs is full", "try again later"
            ) from None
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def close(self, timeout: float = 10.0) -> None:
        """Run the queued jobs, then end the thread; waits up to ``timeout`` seconds."""
        if self._thread is None:
            return
        try:
            self._jobs.put(None, timeout=timeout)
        except queue.Full:
            logger.error("jobs do not finish; %d were abandoned", self._jobs.qsize())
            return
        self._thread.join(timeout)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, done = job
            with self._defects.contained("a job failed"):
                work()
            with self._defects.contained("what follows from a job failed"):
                self._post(JobDone(done))
