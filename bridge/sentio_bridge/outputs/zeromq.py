"""Publish on the state socket, for engines (PROTOCOL.md, sections 1 and 2)."""

from __future__ import annotations

from collections.abc import Sequence

from sentio_bridge.core.outgoing import DetailMessage, Outgoing
from sentio_bridge.transport.server import ServerSockets

KEPT = frozenset({"affect", "detail", "health"})
"""Message kinds of which a new subscriber receives the last value at once."""


class ZeroMqOutput:
    """Output to an XPUB socket that also sends the last values to new subscribers.

    Attributes:
        leaves_machine: False: the sockets themselves keep from remote clients what is not shared.

    Args:
        sockets: Bound sockets; this object closes them.
    """

    leaves_machine = False

    def __init__(self, sockets: ServerSockets) -> None:
        self._sockets = sockets
        self._last: dict[bytes, Outgoing] = {}

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Send messages; frames and events before details, which take as long to encode."""
        first = [m for m in messages if not isinstance(m, DetailMessage)]
        if first:
            self._sockets.publish(*[message.encoded for message in first])
        if len(first) < len(messages):
            details = [m.encoded for m in messages if isinstance(m, DetailMessage)]
            self._sockets.publish(*details)
        for message in messages:
            if message.kind in KEPT:
                self._last[message.topic] = message

    def serve_subscribers(self) -> None:
        """Send the last values to clients that subscribed since the last call."""
        for peer, prefix in self._sockets.new_subscriptions():
            self._sockets.send(peer, *self.last(prefix))

    @property
    def subscriptions(self) -> int:
        """Current number of subscriptions."""
        return self._sockets.subscriptions

    def last(self, prefix: bytes) -> list[bytes]:
        """Return the last value of every topic that a subscription selects."""
        return [m.encoded for m in self._last.values() if m.encoded.startswith(prefix)]

    def close(self) -> None:
        """Close the sockets."""
        self._sockets.close()
