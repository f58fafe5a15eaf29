"""Slot between two threads that keeps only the newest item."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Newest(Generic[T]):
    """Slot for the newest item; replaced items are dropped and counted."""

    def __init__(self) -> None:
        self._ready = threading.Condition()
        self._item: T | None = None
        self._error: Exception | None = None
        self._dropped = 0

    def put(self, item: T) -> None:
        """Replace the current item."""
        with self._ready:
            if self._item is not None:
                self._dropped += 1
            self._item = item
            self._ready.notify()

    def fail(self, error: Exception) -> None:
        """Make ``take`` raise ``error`` once the last item is taken."""
        with self._ready:
            self._error = error
            self._ready.notify()

    def take(self, timeout: float) -> tuple[T, int] | None:
        """Wait for an item; return it and the number dropped before it, or None.

        Raises:
            Exception: The error passed to ``fail``.
        """
        with self._ready:
            if self._item is None and self._error is None:
                self._ready.wait(timeout)
            if self._item is None:
                if self._error is not None:
                    raise self._error
                return None
            item, dropped = self._item, self._dropped
            self._item, self._dropped = None, 0
            return item, dropped
