"""A bounded queue whose items are handled by the threads that bring them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")

LIMIT = 4096
"""Items that may wait: some ten seconds of everything. Beyond that the handler is stuck."""


def drop_oldest(waiting: deque[Any]) -> int:
    """Drop the oldest items over ``LIMIT``; return how many."""
    over = max(0, len(waiting) - LIMIT)
    for _ in range(over):
        waiting.popleft()
    return over


class SerialQueue(Generic[Item]):
    """Handles items one batch at a time, on whichever thread finds the queue free.

    Waking a thread costs more than most of the work here, so the thread that posts an item
    handles it, unless another thread is handling: that one then takes this item too. No thread
    waits for another, except in ``exclusive``.

    Attributes:
        drops: What was dropped, in the unit of ``bound``.

    Args:
        handle: Handles all items that wait, oldest first; only ever on one thread at a time.
        bound: Called with all that waits when an item joins others; drops what is too much or
            has lost its use and returns how much it dropped.
    """

    def __init__(
        self,
        handle: Callable[[list[Item]], None],
        bound: Callable[[deque[Item]], int] = drop_oldest,
    ) -> None:
        self._handle = handle
        self._bound = bound
        self._waiting: deque[Item] = deque()
        self._items = threading.Lock()
        self._turn = threading.Lock()
        self.drops = 0

    def post(self, item: Item) -> None:
        """Add an item and handle it, or leave it to the thread that is handling."""
        self.put(item)
        self.run()

    def put(self, item: Item) -> None:
        """Add an item for the next ``run``; never waits for the handler."""
        with self._items:
            self._waiting.append(item)
            if len(self._waiting) > 1:
                self.drops += self._bound(self._waiting)

    def run(self) -> None:
        """Handle what waits, or leave it to the thread that is handling."""
        # Asked again after each release: what was added in between found the turn taken.
        while self._waiting and self._turn.acquire(blocking=False):
            try:
                items = self.take()
                if items:
                    self._handle(items)
            finally:
                self._turn.release()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Wait for the handler and keep it from running; then handle what was added meanwhile."""
        with self._turn:
            yield
        self.run()

    def take(self) -> list[Item]:
        """Remove and return all that waits, oldest first; for the thread whose turn it is."""
        with self._items:
            items = list(self._waiting)
            self._waiting.clear()
            return items
