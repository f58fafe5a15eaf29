"""Publish to several outputs; a failing output does not affect the others."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sentio_bridge.core.outgoing import Outgoing
from sentio_bridge.outputs.output import Output

logger = logging.getLogger(__name__)

LOGGED = 1000
"""One in this many failures of an output is logged: some fail with every frame."""


class FanOut:
    """Output that publishes to a list of outputs.

    Attributes:
        failures: Number of failed calls by output; only outputs that have failed.

    Args:
        outputs: Outputs in order of publishing; the fastest first.
    """

    def __init__(self, outputs: Sequence[Output]) -> None:
        self._outputs = list(outputs)
        self.failures: dict[str, int] = {}

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Publish messages to every output."""
        if not messages:
            return
        for output in self._outputs:
            try:
                output.publish(messages)
            except Exception as error:
                self._failed(output, error)

    def close(self) -> None:
        """Close every output."""
        for output in self._outputs:
            try:
                output.close()
            except Exception as error:
                self._failed(output, error)

    def _failed(self, output: Output, error: Exception) -> None:
        name = type(output).__name__
        count = self.failures.get(name, 0)
        self.failures[name] = count + 1
        if count % LOGGED == 0:
            logger.error("%s failed (%d times before)", name, count, exc_info=error)
