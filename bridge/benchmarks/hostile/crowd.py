"""Program that opens hostile connections.

Usage: ``python -m benchmarks.hostile.crowd STATE CONTROL COUNT SECONDS SEED``. It opens COUNT
connections to the two ports, sends something malformed or nothing on each, keeps them for some
seconds, and prints how many were opened and how many the server has closed.
"""

from __future__ import annotations

import random
import socket
import sys
import time
from contextlib import suppress

from benchmarks.faults.attacker import handshake
from benchmarks.hostile import malformed


def first_bytes(rng: random.Random, kind: str) -> bytes:
    """Return what one connection sends."""
    what = rng.random()
    if what < 0.25:
        return b""
    if what < 0.4:
        return b"\xff" + bytes(8)
    if what < 0.8:
        return malformed.opening(rng, kind)
    return handshake(kind, "") + malformed.closing(rng) * rng.randrange(1, 50)


def main(ports: tuple[int, int], count: int, seconds: float, seed: int) -> None:
    """Open, send, hold and count."""
    rng = random.Random(seed)
    held: list[socket.socket] = []
    opened = 0
    for number in range(count):
        which = number % 2
        data = first_bytes(rng, ("SUB", "DEALER")[which])
        with suppress(OSError):  # refused while others wait to be accepted
            sock = socket.create_connection(("127.0.0.1", ports[which]), timeout=30.0)
            held.append(sock)
            opened += 1
            sock.setblocking(False)
            sock.send(data)
    time.sleep(seconds)
    closed = sum(_is_closed(sock) for sock in held)
    print(opened, closed, flush=True)


def _is_closed(sock: socket.socket) -> bool:
    try:
        while sock.recv(65_536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


if __name__ == "__main__":
    state, control, connections, hold, number = sys.argv[1:]
    main((int(state), int(control)), int(connections), float(hold), int(number))
