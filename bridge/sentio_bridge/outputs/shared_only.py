"""Output to another machine: only what the persons share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sentio_bridge.core.outgoing import HealthMessage, Outgoing, RawMessage
from sentio_bridge.outputs.output import Output


class SharedOnly:
    """Filter in front of an output whose receiver may be another machine.

    Args:
        output: The output; closed with this one.
        may_share: Returns whether what is known of a subject may leave this machine; of an empty
            text, that of every subject.
    """

    def __init__(self, output: Output, may_share: Callable[[str], bool]) -> None:
        self._output = output
        self._may_share = may_share

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Publish the messages that may leave this machine."""
        shared = [message for message in messages if self._shared(message)]
        if shared:
            self._output.publish(shared)

    def close(self) -> None:
        """Close the output."""
        self._output.close()

    def _shared(self, message: Outgoing) -> bool:
        if isinstance(message, HealthMessage):
            return True
        return self._may_share("" if isinstance(message, RawMessage) else message.key)
