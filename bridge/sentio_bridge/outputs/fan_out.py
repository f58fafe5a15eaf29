"""Publish to several outputs; a failing output does not affect the others."""

from __future__ import annotations

from collections.abc import Sequence

from sentio_bridge.core.outgoing import Outgoing
from sentio_bridge.defects import DefectLog
from sentio_bridge.outputs.output import Output


class FanOut:
    """Output that publishes to a list of outputs.

    Attributes:
        failures: Number of failed calls by output; only outputs that have failed.

    Args:
        outputs: Outputs in order of publishing; the fastest first.
        defects: Log of exceptions of outputs.
    """

    def __init__(self, outputs: Sequence[Output], defects: DefectLog | None = None) -> None:
        self._outputs = list(outputs)
        self._defects = defects or DefectLog()
        self.failures: dict[str, int] = {}

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Publish messages to every output."""
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
