"""Estimate lines of text on a separate thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from sentio_bridge.core.commands import EstimateReceived, ModelChanged
from sentio_bridge.defects import DefectLog
from sentio_bridge.pipeline.messages import model_problem
from sentio_models import Estimate, ModelError

WAITING_LINES = 64
"""Maximum number of queued lines; the oldest are dropped and counted."""

ReadLine = Callable[[str], Estimate]
"""Returns the estimate of a line."""


def load_text_model(*, encoder: bool = False) -> ReadLine:
    """Load the text model, with the sentence encoder if requested and installed.

    Raises:
        ModelError: onnxruntime or the weights are missing or invalid.
    """
    from sentio_models.modalities.text import TextEstimator

    return (TextEstimator.best() if encoder else TextEstimator()).read


class _Line(NamedTuple):
    subject: str
    text: str
    time: float


class TextWorker:
    """Estimator of chat lines of all subjects; started by the first line.

    Attributes:
        drops: Number of lines dropped because the queue was full.

    Args:
        make: Loads the model.
        post: Receives the results.
        defects: Log of unexpected exceptions of the model.
    """

    def __init__(
        self,
        make: Callable[[], ReadLine],
        post: Callable[[EstimateReceived | ModelChanged], None],
        defects: DefectLog | None = None,
    ) -> None:
        self._make = make
        self._post = post
        self._defects = defects or DefectLog()
        self._lines: deque[_Line] = deque()
        self._changed = threading.Condition()
        self._current: _Line | None = None
        self._closed = False
        self._thread: threading.Thread | None = None
        self.drops = 0

    def add(self, subject: str, line: str, time: float) -> None:
        """Queue a line with the time it was written (LSL clock)."""
        with self._changed:
            if self._closed:
                return
            if len(self._lines) >= WAITING_LINES:
                self._lines.popleft()
                self.drops += 1
            self._lines.append(_Line(subject, line, time))
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sentio-text", daemon=True)
                self._thread.start()

    def forget(self, subject: str) -> None:
        """Discard a subject's lines, including the one in progress."""
        with self._changed:
            remaining = [line for line in self._lines if line.subject != subject]
            self._lines.clear()
            self._lines.extend(remaining)
            if self._current is not None and self._current.subject == subject:
                self._current = None

    def close(self, timeout: float = 1.0) -> None:
        """Drop all lines and end the thread; waits at most ``timeout`` seconds."""
        with self._changed:
            self._closed = True
            self._lines.clear()
            self._current = None
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        read: ReadLine | None = None
        while (line := self._next()) is not None:
            try:
                read = read or self._make()
                estimate = read(line.text)
                message: EstimateReceived | ModelChanged = EstimateReceived(
                    line.subject, "text", line.time, estimate
                )
            except Exception as error:  # a defect costs this line
                if not isinstance(error, ModelError):
                    self._defects.caught("a line of text was lost", error)
                message = model_problem(line.subject, "text", error)
            with self._changed:
                still_wanted = self._current is line
                self._current = None
            if still_wanted:
                self._post(message)

    def _next(self) -> _Line | None:
        """Wait for a line; return None when the worker is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._closed)
            self._current = None if self._closed else self._lines.popleft()
            return self._current
