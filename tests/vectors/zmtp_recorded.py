"""Streams recorded from a real libzmq over loopback."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import zmq
from zmq.auth.thread import ThreadAuthenticator
from zmtp_frames import (
    LONG,
    MORE,
    OPENING,
    TOKEN,
    Step,
    command,
    frame,
    hello,
    properties,
    rest,
)

DEADLINE = 5.0
"""Seconds to wait for libzmq."""


class Wire:
    """Raw connection to a libzmq socket that records the bytes of both sides."""

    def __init__(self, endpoint: str) -> None:
        host, port = endpoint.removeprefix("tcp://").split(":")
        self.sock = socket.create_connection((host, int(port)), timeout=DEADLINE)
        self.steps: list[Step] = []

    def send(self, data: bytes, note: str, **about: Any) -> None:
        """Send ``data`` as the client, and record it."""
        self.sock.sendall(data)
        self.steps.append({"send": data.hex(), "note": note, **about})

    def take(self, count: int) -> bytes:
        """Read exactly ``count`` bytes."""
        data = b""
        while len(data) < count:
            more = self.sock.recv(count - len(data))
            if not more:
                raise EOFError(f"libzmq closed the connection after {data!r}")
            data += more
        return data

    def take_frame(self) -> bytes:
        """Read one frame, header included."""
        head = self.take(2)
        if head[0] & LONG:
            head += self.take(7)
        return head + self.take(int.from_bytes(head[1:], "big"))

    def record(self, data: bytes, note: str, **about: Any) -> None:
        """Record ``data`` received from the peer."""
        self.steps.append({"receive": data.hex(), "note": note, **about})

    def record_message(self, frames: int, note: str) -> list[bytes]:
        """Record one message of ``frames`` frames; return their bodies."""
        raw = [self.take_frame() for _ in range(frames)]
        bodies = [one[9:] if one[0] & LONG else one[2:] for one in raw]
        self.record(b"".join(raw), note, messages=[[body.hex() for body in bodies]])
        return bodies


@contextmanager
def peer(kind: int, token: str = "", **options: int) -> Iterator[tuple[Any, Wire]]:
    """Open a libzmq socket and a raw connection to it."""
    context = zmq.Context()
    auth = None
    if token:
        auth = ThreadAuthenticator(context)
        auth.start()
        auth.configure_plain(domain="sentio", passwords={"sentio": token})
    sock = context.socket(kind)
    sock.setsockopt(zmq.LINGER, 0)
    if token:
        sock.setsockopt(zmq.PLAIN_SERVER, 1)
        sock.setsockopt_string(zmq.ZAP_DOMAIN, "sentio")
    for name, value in options.items():
        sock.setsockopt(getattr(zmq, name.upper()), value)
    sock.bind("tcp://127.0.0.1:*")
    wire = Wire(sock.getsockopt_string(zmq.LAST_ENDPOINT))
    try:
        yield sock, wire
    finally:
        wire.sock.close()
        if auth:
            auth.stop()
        context.destroy(linger=0)


def null(wire: Wire, kind: str) -> None:
    """Perform the handshake without a token."""
    wire.send(OPENING, "signature and version 3.0")
    wire.record(wire.take(64), "libzmq's greeting")
    wire.send(rest(), "the rest of the greeting: NULL")
    entries = {"Socket_Type": kind} | ({"Identity": ""} if kind == "DEALER" else {})
    wire.send(command("READY", properties(**entries)), "READY")
    wire.record(wire.take_frame(), "libzmq's READY", ready=True)


def plain(wire: Wire, kind: str) -> None:
    """Perform the handshake with the right token."""
    wire.send(OPENING, "signature and version 3.0")
    wire.record(wire.take(64), "libzmq's greeting")
    wire.send(rest("PLAIN"), "the rest of the greeting: PLAIN")
    wire.send(hello(TOKEN), "HELLO with the token")
    wire.record(wire.take_frame(), "WELCOME")
    entries = {"Socket_Type": kind} | ({"Identity": ""} if kind == "DEALER" else {})
    wire.send(command("INITIATE", properties(**entries)), "INITIATE")
    wire.record(wire.take_frame(), "libzmq's READY", ready=True)


def subscribe(sock: Any, wire: Wire, topic: bytes) -> None:
    """Subscribe by message and wait until libzmq has noticed."""
    wire.send(frame(b"\x01" + topic), "subscription by message")
    if not sock.poll(int(DEADLINE * 1000)) or sock.recv() != b"\x01" + topic:
        raise AssertionError("libzmq did not receive the subscription")


def state(sock: Any, wire: Wire) -> None:
    """Listen to short, long and several messages."""
    null(wire, "SUB")
    subscribe(sock, wire, b"affect/")
    sock.send(b"affect/player\0" + b"short")
    wire.record_message(1, "a short message")
    sock.send(b"affect/player\0" + bytes(range(256)) * 2)
    wire.record_message(1, "a long message: above 255 bytes")
    sock.send(b"affect/player\0" + bytes(241))
    wire.record_message(1, "255 bytes: the longest short frame")
    sock.send(b"affect/player\0" + bytes(242))
    wire.record_message(1, "256 bytes: the shortest long frame")
    sock.send_multipart([b"affect/player\0", b"", b"third"])
    wire.record_message(3, "three parts, one of them empty")


def pings(sock: Any, wire: Wire) -> None:
    """Answer libzmq's PING, and have ours answered."""
    null(wire, "SUB")
    wire.record(wire.take_frame(), "libzmq's PING")
    wire.send(command("PONG"), "PONG")
    ping = command("PING", (50).to_bytes(2, "big") + b"sentio")
    wire.send(ping, "PING with a context", ping=50, context=b"sentio".hex())
    answer = wire.take_frame()
    while answer[2:7] != b"\x04PONG":  # libzmq may send another PING before
        answer = wire.take_frame()
    wire.record(answer, "PONG with the context")


def control(sock: Any, wire: Wire) -> None:
    """Ask as a DEALER, with and without the empty frame of a REQ."""
    null(wire, "DEALER")
    for parts, note in (([b"request"], "as a DEALER"), ([b"", b"request"], "as a REQ")):
        data = b"".join(frame(part, MORE) for part in parts[:-1]) + frame(parts[-1])
        wire.send(data, f"a request {note}", ask=[part.hex() for part in parts])
        envelope = sock.recv_multipart()
        sock.send_multipart([*envelope[:-1], b"reply"])
        wire.record_message(len(parts), f"the reply {note}")


def token_state(sock: Any, wire: Wire) -> None:
    """Listen with the token."""
    plain(wire, "SUB")
    subscribe(sock, wire, b"")
    sock.send(b"affect/player\0" + b"short")
    wire.record_message(1, "a message")


def token_control(sock: Any, wire: Wire) -> None:
    """Ask with the token."""
    plain(wire, "DEALER")
    wire.send(frame(b"request"), "a request", ask=[b"request".hex()])
    sock.send_multipart([sock.recv_multipart()[0], b"reply"])
    wire.record_message(1, "the reply")


def token_wrong(sock: Any, wire: Wire) -> None:
    """Be refused for a wrong token."""
    wire.send(OPENING, "signature and version 3.0")
    wire.record(wire.take(64), "libzmq's greeting")
    wire.send(rest("PLAIN"), "the rest of the greeting: PLAIN")
    wire.send(hello("wrong"), "HELLO with a wrong token")
    wire.record(wire.take_frame(), "ERROR, which libzmq 4.3.5 spells ^RROR", error="refused")


def token_missing(sock: Any, wire: Wire) -> None:
    """Find that the peer wants PLAIN."""
    wire.send(OPENING, "signature and version 3.0")
    wire.record(wire.take(64), "libzmq's greeting wants PLAIN", error="mechanism")


def token_needless(sock: Any, wire: Wire) -> None:
    """Find that the peer knows no token."""
    wire.send(OPENING, "signature and version 3.0")
    wire.record(wire.take(64), "libzmq's greeting says NULL", error="mechanism")


def wrong_socket(sock: Any, wire: Wire) -> None:
    """Find a control socket where the state socket should be."""
    wire.send(OPENING, "signature and version 3.0")
    wire.record(wire.take(64), "libzmq's greeting")
    wire.send(rest(), "the rest of the greeting: NULL")
    wire.send(command("READY", properties(Socket_Type="SUB")), "READY")
    received = wire.sock.recv(4096)  # READY, ERROR or nothing before libzmq closes
    wire.record(
        received or command("READY", properties(Socket_Type="ROUTER", Identity="")),
        "a ROUTER, not a publisher",
        error="socket_type",
    )


RECORDED: dict[str, tuple[str, str, Callable[[Any, Wire], None], int, str, dict[str, int]]] = {
    "state": ("SUB", "", state, zmq.XPUB, "", {}),
    "pings": ("SUB", "", pings, zmq.XPUB, "", {"heartbeat_ivl": 100, "heartbeat_timeout": 5000}),
    "control": ("DEALER", "", control, zmq.ROUTER, "", {}),
    "token_state": ("SUB", TOKEN, token_state, zmq.XPUB, TOKEN, {}),
    "token_control": ("DEALER", TOKEN, token_control, zmq.ROUTER, TOKEN, {}),
    "token_wrong": ("SUB", "wrong", token_wrong, zmq.XPUB, TOKEN, {}),
    "token_missing": ("SUB", "", token_missing, zmq.XPUB, TOKEN, {}),
    "token_needless": ("SUB", TOKEN, token_needless, zmq.XPUB, "", {}),
    "wrong_socket": ("SUB", "", wrong_socket, zmq.ROUTER, "", {}),
}
"""By name: our socket type and token, the function, the peer's type, token and options."""

TOPICS = {"state": [b"affect/"], "token_state": [b""]}
"""Subscriptions of each recording."""


def recorded() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the streams recorded from libzmq."""
    for name, (kind, ours, perform, theirs, token, options) in RECORDED.items():
        with peer(theirs, token, **options) as (sock, wire):
            perform(sock, wire)
            topics = [topic.hex() for topic in TOPICS.get(name, [])]
            about = (perform.__doc__ or "").strip()
            yield (
                name,
                {
                    "about": about,
                    "socket": kind,
                    "token": ours,
                    "subscribe": topics,
                    "steps": wire.steps,
                },
            )
