"""Publish to several outputs; one that fails costs the others nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sentio_bridge.core.outgoing import Outgoing
from sentio_bridge.defects import DefectLog
from sentio_bridge.outputs.output import Output


class FanOut:
    """A list of outputs that is itself one.

    Attributes:
        failures: Calls that failed, by output; only of those that failed.

    Args:
        outputs: In the order in which they get messages; the fastest first.
        defects: Logs and counts what outputs raise.
    """

    def __init__(self, outputs: Sequence[Output], defects: DefectLog | None = None) -> None:
        self._outputs = list(outputs)
        self._defects = defects or DefectLog()
        self.failures: dict[str, int] = {}

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Hand messages to every output."""
        if not messages:
            return
        for output in self._outputs:
            try:
                output.publish(messages)
            except Exception as error:  # costs this output these messages
                self._failed(output, error)

    def close(self) -> None:
        """Close every output."""
        for output in self._outputs:
            try:
                output.close()
            except Exception as error:  # the others are closed all the same
                self._failed(output, error)

    def _failed(self, output: Output, error: Exception) -> None:
        name = type(output).__name__
        self.failures[name] = self.failures.get(name, 0) + 1
        self._defects.caught(f"{name} failed", error)
