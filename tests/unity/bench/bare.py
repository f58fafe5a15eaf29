"""Publisher and subscriber over a bare socket: the floor of any client."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from functools import partial

from peers import GREETING, free_ports, in_background, median_delay, stamped

READY = b"\x05READY\x0bSocket-Type\0\0\0\x04XPUB"

SUBSCRIBER = """
import socket, sys, time
from sentio_bridge.protocol.codec import decode_affect
delays, sock = [], socket.create_connection(("127.0.0.1", int(sys.argv[1])))
sock.sendall(bytes(64))
while len(delays) < int(sys.argv[2]):
    # States are sent far apart: each read returns one.
    message = sock.recv(65536)[9:]
    if message.startswith(b"affect/"):
        delays.append(time.monotonic() - decode_affect(message).sent)
print(sorted(delays)[len(delays) // 2])
"""


@contextlib.contextmanager
def publisher(rate: float) -> Iterator[tuple[int, int]]:
    """States to one subscriber at a time as ZMTP, written by the producing thread."""
    ports = free_ports()
    with socket.create_server(("127.0.0.1", ports[0])) as listening:
        listening.settimeout(0.1)
        with in_background(partial(_serve, listening, rate)):
            yield ports


def _serve(listening: socket.socket, rate: float, stop: threading.Event) -> None:
    while not stop.is_set():
        with contextlib.suppress(OSError):
            peer, _ = listening.accept()
            with peer:
                _publish(peer, rate, stop)


def _publish(peer: socket.socket, rate: float, stop: threading.Event) -> None:
    peer.settimeout(1.0)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.sendall(GREETING)
    peer.recv(64)
    peer.sendall(bytes([4, len(READY)]) + READY)
    seq, due = 0, time.monotonic()
    while not stop.is_set():
        seq += 1
        message = stamped(seq)
        peer.sendall(b"\x02" + len(message).to_bytes(8, "big") + message)
        due += 1 / rate
        time.sleep(max(0.0, due - time.monotonic()))


def delay(port: int, count: int) -> float:
    """Return the median delay to a blocking socket in another process, seconds."""
    return median_delay(SUBSCRIBER, port, count)
