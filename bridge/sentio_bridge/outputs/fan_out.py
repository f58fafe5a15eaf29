"""Publish to several outputs; a failing output does not affect the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sentio_bridge.core.outgoing import HealthMessage, Outgoing, RawMessage
from sentio_bridge.defects import DefectLog
from sentio_bridge.outputs.output import Output


class FanOut:
    """Output that publishes to a list of outputs.

    Attributes:
        failures: Number of failed calls by output; only outputs that have failed.

    Args:
        outputs: Outputs in order of publishing; the fastest first.
        defects: Log of exceptions of outputs.
        may_share: Returns whether what is known of a subject may leave this machine; of an empty
            text, that of every subject.
    """

    def __init__(
        self,
        outputs: Sequence[Output],
        defects: DefectLog | None = None,
        may_share: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._outputs = list(outputs)
        self._may_share = may_share
        self._defects = defects or DefectLog()
        self.failures: dict[str, int] = {}

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Publish messages to every output; to other machines only what is shared."""
        for output in self._outputs:
            try:
                sent = self._shared(messages) if output.leaves_machine else messages
                if sent:
                    output.publish(sent)
            except Exception as error:  # costs this output these messages
                self._failed(output, error)

    def close(self) -> None:
        """Close every output."""
        for output in self._outputs:
            try:
                output.close()
            except Exception as error:  # the others are closed all the same
                self._failed(output, error)

    def _shared(self, messages: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """Return the messages that may leave this machine; health is about no person."""
        return [
            message
            for message in messages
            if isinstance(message, HealthMessage)
            or self._may_share("" if isinstance(message, RawMessage) else message.key)
        ]

    def _failed(self, output: Output, error: Exception) -> None:
        name = type(output).__name__
        self.failures[name] = self.failures.get(name, 0) + 1
        self._defects.caught(f"{name} failed", error)
