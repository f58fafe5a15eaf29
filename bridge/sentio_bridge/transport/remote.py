"""Ports for clients on other machines, which are bound only with keys for them."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from sentio_bridge.errors import BridgeError
from sentio_bridge.transport.allow_list import AllowList
from sentio_bridge.transport.listening import bind


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket.

    Attributes:
        name: ``state`` or ``control``.
        sock: The socket.
        allowed: Keys that its clients need; None on loopback, where tokens decide.
    """

    name: str
    sock: socket.socket
    allowed: AllowList | None = None


@dataclass(frozen=True, slots=True)
class Remote:
    """Endpoints for clients on other machines.

    Attributes:
        state: Endpoint of the state socket.
        control: Endpoint of the control socket.
        allowed: Keys of the clients.
    """

    state: str
    control: str
    allowed: AllowList

    def bound(self) -> list[Listener]:
        """Return both sockets, bound.

        Raises:
            ConfigError: Nobody is allowed, or there is no key; nothing is bound then.
            BridgeError: An endpoint cannot be bound; nothing is bound then.
        """
        self.allowed.require()
        listeners: list[Listener] = []
        try:
            for name, endpoint in (("state", self.state), ("control", self.control)):
                listeners.append(Listener(name, bind(endpoint), self.allowed))
        except BridgeError:
            for listener in listeners:
                listener.sock.close()
            raise
        return listeners
