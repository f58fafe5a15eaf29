"""Where threads leave what the hub is to handle."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")

LIMIT = 4096
"""Items that may wait: some ten seconds of everything. Beyond that the hub is stuck."""


class MessageQueue(Generic[Item]):
    """A bounded queue from many threads to one reader at a time, which rings a bell.

    Args:
        bell: Sees to what was posted; callable from any thread.
        limit: Most items held; the oldest are dropped and counted.
    """

    def __init__(self, bell: Callable[[], None], limit: int = LIMIT) -> None:
        self._items: deque[Item] = deque()  # append and popleft are atomic
        self._bell = bell
        self._limit = limit
        self.drops = 0

    def post(self, item: Item) -> None:
        """Leave an item and ring."""
        self.leave(item)
        self._bell()

    def leave(self, item: Item) -> None:
        """Leave an item for when the reader looks next; never blocks."""
        if len(self._items) >= self._limit:
            try:
                self._items.popleft()
                self.drops += 1
            except IndexError:
                pass
        self._items.append(item)

    def __bool__(self) -> bool:
        """Tell whether something waits."""
        return bool(self._items)

    def take(self) -> list[Item]:
        """Return everything that waits, oldest first."""
        items: list[Item] = []
        try:
            while True:
                items.append(self._items.popleft())
        except IndexError:
            return items
