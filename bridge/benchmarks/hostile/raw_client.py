"""Client on a plain socket: a correct handshake, then any bytes."""

from __future__ import annotations

import socket

from benchmarks.faults.attacker import handshake
from benchmarks.hostile.curve_client import CurveClient
from sentio_bridge.transport.client_keys import KeyPair

TIMEOUT = 60.0
"""Seconds: far beyond any pause of a busy machine."""

OPENING = 64
"""Bytes of a greeting."""

BOXED_PING = 40
"""Bytes of a PING in a box; every reply is longer."""


class Plain:
    """Connection with the mechanism PLAIN.

    Args:
        port: Port on loopback.
        kind: ``SUB`` or ``DEALER``.
        token: Token.
    """

    def __init__(self, port: int, kind: str, token: str) -> None:
        self.sock = _connected(port)
        self._in = bytearray()
        self.sock.sendall(handshake(kind, token))
        self._skip(OPENING)
        self._read(2)  # WELCOME, READY

    def frames(self, bodies: list[bytes], flags: int = 0) -> bytes:
        """Return the bytes of frames with these bodies."""
        return b"".join(framed(body, flags) for body in bodies)

    def wait(self, count: int) -> int:
        """Wait for ``count`` messages; return how many came before the server closes."""
        return len(self._read(count, is_open=True))

    def _read(self, count: int, *, is_open: bool = False) -> list[bytes]:
        """Return the bodies of ``count`` frames, fewer if the server closes.

        Once the connection is open, a PING is answered and does not count.
        """
        found: list[bytes] = []
        while len(found) < count:
            frame = self._frame()
            if frame is None:
                break
            if is_open and self._is_ping(*frame):
                self.sock.sendall(self.frames([b"\x04PONG"], 4))
            else:
                found.append(frame[1])
        return found

    def _frame(self) -> tuple[int, bytes] | None:
        """Return flags and body of the next frame; None at the end of the connection."""
        while True:
            held = self._in
            if len(held) >= 2:
                head = 9 if held[0] & 2 else 2
                end = head + int.from_bytes(held[1:head], "big")
                if len(held) >= head and len(held) >= end:
                    frame = held[0], bytes(held[head:end])
                    del held[:end]
                    return frame
            try:
                data = self.sock.recv(65_536)
            except ConnectionError:
                return None
            if not data:
                return None
            held += data

    def _is_ping(self, flags: int, body: bytes) -> bool:
        return body.startswith(b"\x04PING")

    def _skip(self, count: int) -> None:
        while len(self._in) < count:
            data = self.sock.recv(4096)
            if not data:
                raise ConnectionError("the server closed during the handshake")
            self._in += data
        del self._in[:count]


class Curve(Plain):
    """Connection with the mechanism CURVE; what it sends is in boxes.

    Args:
        port: Port on loopback.
        kind: ``SUB`` or ``DEALER``.
        keys: Keys of an allowed client.
    """

    def __init__(self, port: int, kind: str, keys: KeyPair) -> None:
        from zmq.utils import z85

        server, public, secret = (z85.decode(k) for k in (keys.server, keys.public, keys.secret))
        self.sock = _connected(port)
        self._in = bytearray()
        self.client = CurveClient(server, public, secret)
        greeting = b"\xff" + bytes(8) + b"\x7f\x03\0" + b"CURVE".ljust(20, b"\0") + bytes(32)
        self.sock.sendall(greeting + framed(b"\x05HELLO" + self.client.hello(), 4))
        self._skip(OPENING)
        (welcome,) = self._read(1)
        kinds = b"\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind.encode()
        self.sock.sendall(framed(b"\x08INITIATE" + self.client.initiate(welcome[8:], kinds), 4))
        self._read(1)  # READY

    def frames(self, bodies: list[bytes], flags: int = 0) -> bytes:
        """Return the bytes of boxes with frames with these bodies."""
        boxed = 2 if flags & 4 else flags & 1
        return b"".join(framed(self.client.seal(body, boxed)) for body in bodies)

    def _is_ping(self, flags: int, body: bytes) -> bool:
        return len(body) == BOXED_PING


def framed(body: bytes, flags: int = 0) -> bytes:
    """Return a frame."""
    if len(body) < 256:
        return bytes([flags, len(body)]) + body
    return bytes([flags | 2]) + len(body).to_bytes(8, "big") + body


def _connected(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock
