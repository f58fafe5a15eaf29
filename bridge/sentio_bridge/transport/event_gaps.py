"""Count missed events by the gaps in their numbers; no I/O."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

_EVENTS = b"event/"


class _Number(msgspec.Struct):
    epoch: int
    id: int


_decoder = msgspec.msgpack.Decoder(_Number)


class EventGaps:
    """Count of the events that a subscription has missed.

    Events are numbered across all subjects, so that only a subscription to all of them can count.

    Attributes:
        missed: Number of missed events since the first one.

    Args:
        topics: Prefixes of the subscription.
    """

    def __init__(self, topics: Sequence[bytes]) -> None:
        self.missed = 0
        self._counts = any(_EVENTS.startswith(topic) for topic in topics)
        self._last = _Number(-1, -1)

    def note(self, message: bytes) -> None:
        """Take a message of any kind, in the order of receipt."""
        if not self._counts or not message.startswith(_EVENTS):
            return
        try:
            number = _decoder.decode(message.partition(b"\0")[2])
        except msgspec.MsgspecError:
            return
        if number.epoch == self._last.epoch:
            self.missed += max(0, number.id - self._last.id - 1)
        self._last = number
