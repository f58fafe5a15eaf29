"""Read lines of text on a thread of its own."""

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
"""Lines that may wait for the text model; the oldest are dropped and counted."""

ReadLine = Callable[[str], Estimate]
"""Returns what a line says of its writer."""


def load_text_model(*, encoder: bool = False) -> ReadLine:
    """Load the text model, with the sentence encoder if it is wanted and installed.

    Raises:
        ModelError: onnxruntime or the weights are not there, or not what they should be.
    """
    from sentio_models.modalities.text import TextEstimator

    return (TextEstimator.best() if encoder else TextEstimator()).read


class _Line(NamedTuple):
    subject: str
    text: str
    time: float


class TextWorker:
    """Reads chat lines of all subjects; its thread and model start with the first line.

    Attributes:
        drops: Lines that were dropped because too many waited.

    Args:
        make: Loads the model.
        post: Takes what it returns.
        defects: Logs and counts what the model should not raise.
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
        self._reading: _Line | None = None
        self._closed = False
        self._thread: threading.Thread | None = None
        self.drops = 0

    def add(self, subject: str, line: str, time: float) -> None:
        """Take a line and the time it was written (LSL clock); returns at once."""
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
        """Drop a subject's lines, also the one that is being read."""
        with self._changed:
            kept = [line for line in self._lines if line.subject != subject]
            self._lines.clear()
            self._lines.extend(kept)
            if self._reading is not None and self._reading.subject == subject:
                self._reading = None

    def close(self, timeout: float = 1.0) -> None:
        """Drop all lines and end the thread; waits at most ``timeout`` seconds."""
        with self._changed:
            self._closed = True
            self._lines.clear()
            self._reading = None
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
                wanted = self._reading is line
                self._reading = None
            if wanted:
                self._post(message)

    def _next(self) -> _Line | None:
        """Wait for a line; None when it is time to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._closed)
            self._reading = None if self._closed else self._lines.popleft()
            return self._reading
