"""Replies that wait until what they acknowledge is in the recording's files."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sentio_bridge.transport.server import ControlRequest

LONGEST = 1.0
"""Seconds after which a reply is sent although the disk has not written: clients wait for two."""

Reply = tuple[ControlRequest, bytes]


@dataclass(slots=True)
class _Batch:
    replies: list[Reply]
    since: float
    written: bool = field(default=False)


class HeldReplies:
    """Queue of replies that may be sent once the recorder has written.

    Used by the thread of ``Sidecar.run``; only ``written`` calls back from another one.

    Args:
        written: Calls its argument once all that was recorded so far is in the files; at once if
            nothing is recorded. From any thread.
        wake: Wakes the thread that sends replies.
    """

    def __init__(
        self, written: Callable[[Callable[[], None]], None], wake: Callable[[], None]
    ) -> None:
        self._written = written
        self._wake = wake
        self._new: list[Reply] = []
        self._batches: deque[_Batch] = deque()

    def add(self, request: ControlRequest, reply: bytes) -> None:
        """Hold a reply; what it acknowledges need not be recorded yet."""
        self._new.append((request, reply))

    def take(self, now: float) -> list[Reply]:
        """Return the replies that may be sent, in order.

        Call it when what the held replies acknowledge has been given to the recorder.

        Args:
            now: LSL clock, seconds.
        """
        if self._new:
            batch = _Batch(self._new, now)
            self._new = []
            self._batches.append(batch)
            self._written(lambda: self._release(batch))
        ready: list[Reply] = []
        while self._batches and (
            self._batches[0].written or now - self._batches[0].since >= LONGEST
        ):
            ready += self._batches.popleft().replies
        return ready

    def _release(self, batch: _Batch) -> None:
        batch.written = True
        self._wake()
