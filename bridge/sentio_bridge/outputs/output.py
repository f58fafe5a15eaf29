"""Protocol of outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sentio_bridge.core.outgoing import Outgoing


class Output(Protocol):
    """Protocol of outputs: publish messages.

    One thread at a time calls it, but not always the same one. An exception is logged and
    counted, and this output loses the messages.
    """

    @property
    def leaves_machine(self) -> bool:
        """Whether a receiver may be elsewhere: this output then gets only what is shared."""
        ...

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Send messages, oldest first; must not block, because frames wait for it."""
        ...

    def close(self) -> None:
        """Stop sending and release resources; may be called twice."""
        ...
