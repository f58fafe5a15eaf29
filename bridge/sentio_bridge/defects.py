"""Logs and counts caught defects; the same one again is only counted.

The policy: a defect costs one request, one modality, one source or one output, never the sidecar.
Code that catches ``Exception`` gives it to a ``DefectLog``, or has its own count in `health`.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from contextlib import AbstractContextManager
from types import TracebackType

logger = logging.getLogger(__name__)

Place = tuple[str, str, int]
"""Type of an exception, file and line that raised it."""


class DefectLog:
    """Log of defects, each with its traceback once; usable from any thread.

    A defect is known by its type and by the line that raised it. A repeated one is logged in one
    line at the 10th, 100th, 1000th time and so on: some occur with every frame.

    Attributes:
        count: Defects caught so far.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Counter[Place] = Counter()
        self.count = 0

    def caught(self, what: str, error: BaseException) -> None:
        """Count a defect and log it.

        Args:
            what: What it has cost, as the start of a line in the log.
            error: The exception, with its traceback.
        """
        place = _place(error)
        with self._lock:
            self.count += 1
            self._seen[place] += 1
            times = self._seen[place]
        if times == 1:
            logger.error("%s", what, exc_info=error)
        elif str(times).strip("0") == "1":
            logger.error("%s: %s, for the %dth time", what, type(error).__name__, times)

    def contained(self, what: str) -> AbstractContextManager[None]:
        """Return a context that catches what its block raises."""
        return _Contained(self, what)


class _Contained(AbstractContextManager[None]):
    """Context of ``DefectLog.contained``.

    A generator would cost each frame ten times as much.
    """

    __slots__ = ("_log", "_what")

    def __init__(self, log: DefectLog, what: str) -> None:
        self._log = log
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self._log.caught(self._what, error)
        return True


def _place(error: BaseException) -> Place:
    """Return where an exception was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    kind = type(error).__qualname__
    return (
        (kind, "", 0)
        if trace is None
        else (kind, trace.tb_frame.f_code.co_filename, trace.tb_lineno)
    )
