"""Read lines of text on a thread of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from sentio_bridge.pipeline.estimator_runner import Measured, ModelProblem
from sentio_models import Estimate, ModelError, ModelMissingError

WAITING_LINES = 64
"""Lines that may wait for the text model; the oldest are dropped."""


class TextReader(Protocol):
    """What reads a line of text."""

    def read(self, line: str) -> Estimate:
        """Return what the line says of its writer."""
        ...


class TextWorker:
    """Reads chat lines on a thread of its own, whose model loads at the first line.

    Args:
        make: Builds the reader.
        post: Takes what it says.
    """

    def __init__(
        self, make: Callable[[], TextReader], post: Callable[[Measured | ModelProblem], None]
    ) -> None:
        self._make = make
        self._post = post
        self._lines: deque[tuple[str, str, float]] = deque(maxlen=WAITING_LINES)
        self._there = threading.Semaphore(0)
        self._thread: threading.Thread | None = None

    def add(self, subject: str, line: str, time: float) -> None:
        """Leave a line; returns at once."""
        self._lines.append((subject, line, time))
        self._there.release()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sentio-text", daemon=True)
            self._thread.start()

    def forget(self) -> None:
        """Drop what waits."""
        self._lines.clear()

    def _run(self) -> None:
        reader: TextReader | None = None
        while True:
            self._there.acquire()
            try:
                subject, line, time = self._lines.popleft()
            except IndexError:
                continue  # forgotten or dropped meanwhile
            try:
                reader = reader or self._make()
                self._post(Measured(subject, "text", reader.read(line), time))
            except ModelError as error:
                state = "absent" if isinstance(error, ModelMissingError) else "error"
                self._post(ModelProblem(subject, "text", state, error.what, error.fix))
