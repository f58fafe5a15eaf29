"""Bind an endpoint, and listen on it later."""

from __future__ import annotations

import errno
import socket
import sys

from sentio_bridge.errors import BridgeError, PortTakenError

BACKLOG = 128
"""Connections that wait to be accepted."""

RECEIVED = 32_768
"""Bytes that the system keeps of a connection that is not read: a flood soon waits in its sender.

Without it, the system grows the buffer to megabytes, and filling it takes the time of others.
"""


def bind(endpoint: str) -> socket.socket:
    """Return a socket bound to ``tcp://HOST:PORT``; port ``*`` is any free one.

    Raises:
        PortTakenError: The port is in use.
        BridgeError: The endpoint cannot be bound for another reason.
    """
    host, port = parse(endpoint)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise BridgeError(f"cannot bind {endpoint}: {error}") from None
    try:
        # On Windows SO_REUSEADDR would let another program take the port over.
        windows = sys.platform == "win32"
        option = getattr(socket, "SO_EXCLUSIVEADDRUSE" if windows else "SO_REUSEADDR")
        sock.setsockopt(socket.SOL_SOCKET, option, 1)
        sock.bind((host, port))
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        raise _problem(endpoint, error) from None
    return sock


def listen(sock: socket.socket) -> None:
    """Accept connections from now on.

    Raises:
        PortTakenError: Another program listens on the port since it was bound.
        BridgeError: It cannot listen for another reason.
    """
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED)  # accepted ones have it too
        sock.listen(BACKLOG)
    except OSError as error:
        raise _problem(endpoint_of(sock), error) from None


def _problem(endpoint: str, error: OSError) -> BridgeError:
    if error.errno == errno.EADDRINUSE:
        return PortTakenError(f"{endpoint} is in use", "another sidecar may be running")
    return BridgeError(f"cannot bind {endpoint}: {error}")


def parse(endpoint: str) -> tuple[str, int]:
    """Return host and port of ``tcp://HOST:PORT``; 0 for ``*``.

    Raises:
        BridgeError: It has another form.
    """
    scheme, _, address = endpoint.partition("://")
    host, _, port = address.rpartition(":")
    number = 0 if port == "*" else int(port) if port.isdecimal() else -1
    if scheme != "tcp" or not host or not 0 <= number <= 65535:
        raise BridgeError(f"{endpoint!r} is not an endpoint", "expected tcp://HOST:PORT")
    return host.removeprefix("[").removesuffix("]"), number


def endpoint_of(sock: socket.socket) -> str:
    """Return the endpoint of a listening socket."""
    host, port = sock.getsockname()[:2]
    return f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"
