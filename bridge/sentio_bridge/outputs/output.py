"""What an output is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sentio_bridge.core.outgoing import Outgoing


class Output(Protocol):
    """Publishes messages somewhere.

    One thread at a time calls it, but not always the same one. What raises is logged and counted
    and costs that output these messages.
    """

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Send messages, oldest first; must not block: frames wait for it."""
        ...

    def close(self) -> None:
        """Send nothing more and free what was opened; a second call does nothing."""
        ...
