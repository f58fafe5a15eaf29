"""Chunks on their way from one thread to another: bounded, and the newest win."""

from __future__ import annotations

import threading
from collections import deque

from sentio_sensors.stream import Chunk

CHUNKS = 4096
"""Chunks held at most, whatever their stamps say: a clock that stands still must not fill
memory."""


class ChunkQueue:
    """A queue that never blocks its writer and drops the oldest when its reader is slow.

    Args:
        seconds: Samples of one stream that may wait, by capture time. What is older than that
            when it is read has lost its use for a live system.
    """

    def __init__(self, seconds: float = 2.0) -> None:
        self._seconds = seconds
        self._chunks: deque[Chunk] = deque()
        self._ready = threading.Condition()
        self.drops = 0

    def push(self, chunk: Chunk) -> None:
        """Add a chunk; what is too old by now is dropped and counted in samples."""
        if not len(chunk):
            return
        with self._ready:
            self._chunks.append(chunk)
            if len(self._chunks) > 1:
                oldest = float(chunk.times[-1]) - self._seconds
                while self._chunks[0].times[-1] < oldest or len(self._chunks) > CHUNKS:
                    self.drops += len(self._chunks.popleft())
            self._ready.notify()

    def __bool__(self) -> bool:
        """Tell whether chunks wait."""
        return bool(self._chunks)

    def wait(self, timeout: float) -> None:
        """Wait for chunks or for ``wake``."""
        with self._ready:
            if not self._chunks:
                self._ready.wait(timeout)

    def take(self) -> list[Chunk]:
        """Return all chunks that wait, oldest first."""
        with self._ready:
            chunks = list(self._chunks)
            self._chunks.clear()
            return chunks

    def clear(self) -> None:
        """Forget what waits; this is no drop."""
        with self._ready:
            self._chunks.clear()

    def wake(self) -> None:
        """Make a ``wait`` return now."""
        with self._ready:
            self._ready.notify_all()
