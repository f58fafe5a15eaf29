"""Server sockets, and clients without a ZeroMQ library, for tests."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.deadline import DEADLINE

from sentio_bridge.protocol import codec
from sentio_bridge.protocol.roles import Access, Grant, Role
from sentio_bridge.transport.client import Requester
from sentio_bridge.transport.limits import Limits
from sentio_bridge.transport.server import ServerSockets

ANY = "tcp://127.0.0.1:*"
TOKEN, LISTENER, GAME = "the operator's", "a listener's", "a game's"
ACCESS = Access(
    {TOKEN: Grant(Role.OPERATOR), LISTENER: Grant(Role.LISTENER), GAME: Grant(Role.GAME)}
)


def sockets(limits: Limits | None = None, **more: Any) -> ServerSockets:
    return ServerSockets(ANY, ANY, ACCESS, limits, **more)


def wait_for_subscribers(server: ServerSockets, count: int = 1) -> list[bytes]:
    received: list[bytes] = []
    end = time.monotonic() + DEADLINE
    while len(received) < count and time.monotonic() < end:
        server.wait(1.0)
        received += [prefix for _, prefix in server.new_subscriptions()]
    return received


def until(server: ServerSockets, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, server.offenders()
        server.wait(0.05)


@contextmanager
def served(server: ServerSockets) -> Iterator[None]:
    """Reply to every request, on another thread."""
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            server.wait(0.05)
            for request in server.requests():
                id_ = codec.decode_map(request.body)["id"]
                server.reply(request, codec.encode_body({"id": id_, "ok": True}))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def reply_to_request(server: ServerSockets, token: str | None = TOKEN) -> dict[str, Any]:
    with served(server), Requester(server.control_endpoint, token, timeout=20.0) as requester:
        return requester.try_call("hello")


def faults(server: ServerSockets) -> set[str]:
    return {offender["what"] for offender in server.offenders()}


def port_of(endpoint: str) -> int:
    return int(endpoint.rsplit(":", 1)[1])


GREETING = b"\xff" + b"\0" * 8 + b"\x7f\x03\0NULL" + b"\0" * 48
READY = b"\x05READY\x0bSocket-Type"


def hello(token: str, kind: str) -> bytes:
    """Return all that a PLAIN client sends in its handshake."""
    greeting = b"\xff" + b"\0" * 8 + b"\x7f\x03\0PLAIN" + b"\0" * 47
    login = b"\x05HELLO\x06sentio" + bytes([len(token)]) + token.encode()
    ready = b"\x08INITIATE\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind.encode()
    return greeting + b"".join(b"\x04" + bytes([len(body)]) + body for body in (login, ready))


def connect(endpoint: str, token: str = TOKEN) -> socket.socket:
    """Connect and complete the handshake without a ZeroMQ library."""
    raw = socket.create_connection(("127.0.0.1", port_of(endpoint)))
    raw.settimeout(20.0)
    return raw
