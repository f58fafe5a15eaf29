"""Bounded queue whose items are handled by the posting threads."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")

LIMIT = 4096
"""Maximum number of items: about ten seconds of all messages."""


def drop_oldest(waiting: deque[Any]) -> int:
    """Drop the oldest items over ``LIMIT``; return their number."""
    over = max(0, len(waiting) - LIMIT)
    for _ in range(over):
        waiting.popleft()
    return over


class SerialQueue(Generic[Item]):
    """Queue whose batches are handled one at a time, on a posting thread.

    Waking a thread costs more than most of the work here, so the thread that posts an item
    handles it, unless another thread is handling: that one then handles this item too. No thread
    waits for another, except in ``exclusive``.

    Attributes:
        drops: Number of dropped items, in the unit of ``bound``.

    Args:
        handle: Handles all queued items, oldest first; called on one thread at a time.
        bound: Called with all queued items when one is added to others; drops items that are too
            many or outdated, and returns how many.
    """

    def __init__(
        self,
        handle: Callable[[list[Item]], None],
        bound: Callable[[deque[Item]], int] = drop_oldest,
    ) -> None:
        self._handle = handle
        self._bound = bound
        self._waiting: deque[Item] = deque()
        self._lock = threading.Lock()
        self._handling = threading.Lock()
        self.drops = 0

    def post(self, item: Item) -> None:
        """Add an item and handle it, or leave it to the thread that is handling."""
        if self._waiting or not self._handling.acquire(blocking=False):
            self.put(item)
        else:  # as nearly always: without the queue
            try:
                self._handle([item])
            finally:
                self._handling.release()
        self.run()

    def put(self, item: Item) -> None:
        """Add an item for the next ``run``; never waits for the handler."""
        with self._lock:
            self._waiting.append(item)
            if len(self._waiting) > 1:
                self.drops += self._bound(self._waiting)

    def run(self) -> None:
        """Handle queued items, or leave them to the thread that is handling."""
        # Checked again after each release: a thread that added an item meanwhile left it to us.
        while self._waiting and self._handling.acquire(blocking=False):
            try:
                items = self.take()
                if items:
                    self._handle(items)
            finally:
                self._handling.release()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Run without the handler; then handle the items added meanwhile."""
        with self._handling:
            yield
        self.run()

    def take(self) -> list[Item]:
        """Remove and return all queued items, oldest first; only for the handling thread."""
        with self._lock:
            items = list(self._waiting)
            self._waiting.clear()
            return items
