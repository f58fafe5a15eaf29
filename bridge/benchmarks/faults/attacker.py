"""Program that attacks a sidecar: `python attacker.py KIND PORT SECONDS [TOKEN]`.

It prints its number of messages or connections at the end.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import sys
import time
from collections.abc import Iterator


def _greeting(mechanism: str) -> bytes:
    return b"\xff" + bytes(8) + b"\x7f\x03\0" + mechanism.encode().ljust(20, b"\0") + bytes(32)


def _command(body: bytes) -> bytes:
    return b"\x04" + bytes([len(body)]) + body


def handshake(kind: str, token: str) -> bytes:
    """Return all that a client sends before it is connected."""
    metadata = b"\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind.encode()
    if not token:
        return _greeting("NULL") + _command(b"\x05READY" + metadata)
    hello = b"\x05HELLO\x06sentio" + bytes([len(token)]) + token.encode()
    return _greeting("PLAIN") + _command(hello) + _command(b"\x08INITIATE" + metadata)


def idle(port: int, seconds: float, token: str) -> int:
    """Hold 1,100 connections, and open a new one for each that is closed."""
    held: list[socket.socket] = []
    opened = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        while len(held) < 1100 and time.monotonic() < end:
            with contextlib.suppress(OSError):
                sock = socket.create_connection(("127.0.0.1", port), timeout=1.0)
                sock.setblocking(False)
                held.append(sock)
                opened += 1
        held = [sock for sock in held if _is_open(sock)]
        time.sleep(0.01)
    return opened


def _is_open(sock: socket.socket) -> bool:
    try:
        if sock.recv(4096) != b"":
            return True
    except BlockingIOError:
        return True
    except OSError:
        pass
    sock.close()
    return False


def topics(port: int, seconds: float, token: str) -> int:
    """Subscribe to 200,000 topics again and again."""

    def messages() -> Iterator[bytes]:
        for number in itertools.count():
            topic = b"%06d" % (number % 200_000) + b"x" * 90
            yield b"\0" + bytes([len(topic) + 1]) + b"\x01" + topic

    return _flood(port, seconds, handshake("SUB", token), messages())


def requests(port: int, seconds: float, token: str) -> int:
    """Send requests without waiting for a reply."""
    body = b"\x82\xa2id\x01\xa2op\xa6status"
    return _flood(port, seconds, handshake("DEALER", token), itertools.repeat(b"\0\x0f" + body))


def pings(port: int, seconds: float, token: str) -> int:
    """Send heartbeats without a pause."""
    return _flood(port, seconds, handshake("SUB", token), itertools.repeat(b"\x04\x07\x04PING\0\0"))


def silent(port: int, seconds: float, token: str) -> int:
    """Subscribe to everything and never read."""
    socks = []
    for _ in range(20):
        sock = socket.create_connection(("127.0.0.1", port), timeout=5.0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.sendall(handshake("SUB", token) + b"\0\x01\x01")
        socks.append(sock)
    time.sleep(seconds)
    return len(socks)


def _flood(port: int, seconds: float, opening: bytes, messages: Iterator[bytes]) -> int:
    """Send messages as fast as possible; reconnect after each disconnect."""
    sent = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1.0) as sock:
                sock.sendall(opening)
                while time.monotonic() < end:
                    sock.sendall(b"".join(itertools.islice(messages, 1000)))
                    sent += 1000
        except OSError:
            time.sleep(0.001)
    return sent


ATTACKS = {
    "idle": idle, "topics": topics, "requests": requests, "pings": pings, "silent": silent,
}  # fmt: skip

if __name__ == "__main__":
    name, to, how_long, *rest = sys.argv[1:]
    print(ATTACKS[name](int(to), float(how_long), rest[0] if rest else ""))
