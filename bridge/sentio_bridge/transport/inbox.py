"""Received messages of a slow reader: the newest state, and every event; no I/O."""

from __future__ import annotations

MAX_KEPT = 10_000
"""Maximum number of events and raw chunks that wait; the oldest are dropped."""

_NEWEST = (b"affect/", b"detail/", b"health")
"""Topics of which a newer message replaces the one that waits."""


class Inbox:
    """Messages that wait for their reader, oldest topic first.

    Attributes:
        replaced: Number of states that were replaced by newer ones.
        dropped: Number of events and raw chunks that were dropped.
    """

    def __init__(self) -> None:
        self._waiting: dict[bytes | int, bytes] = {}
        self._kept = 0
        self._number = 0
        self.replaced = 0
        self.dropped = 0

    def __len__(self) -> int:
        """Return the number of messages that wait."""
        return len(self._waiting)

    def put(self, message: bytes) -> None:
        """Add a message; a state replaces the one of the same topic, in its place."""
        topic = message.partition(b"\0")[0]
        if topic.startswith(_NEWEST):
            self.replaced += topic in self._waiting
            self._waiting[topic] = message
            return
        if self._kept == MAX_KEPT:
            oldest = next(key for key in self._waiting if isinstance(key, int))
            del self._waiting[oldest]
            self._kept -= 1
            self.dropped += 1
        self._waiting[self._number] = message
        self._number += 1
        self._kept += 1

    def take(self) -> bytes | None:
        """Return the next message, or None."""
        if not self._waiting:
            return None
        key = next(iter(self._waiting))
        self._kept -= isinstance(key, int)
        return self._waiting.pop(key)
