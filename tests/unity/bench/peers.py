"""Peers of the Unity client for its benchmarks: publishers and sidecars."""

from __future__ import annotations

import contextlib
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import zmq
from msgspec.structs import replace
from tests.ports import free_port

from sentio_bridge.protocol.codec import decode_affect, encode_affect

ROOT = Path(__file__).parents[3]
FULL = (ROOT / "tests/vectors/messages/affect_full.bin").read_bytes()
EVERYTHING = (ROOT / "tests/vectors/messages/affect_everything.bin").read_bytes()
STATE = decode_affect(FULL)
SENT = b"\xa1p\xcb"
"""Bytes before the time of sending: the key p and the tag of a float64."""
GREETING = bytes.fromhex("ff00000000000000017f0301") + b"NULL".ljust(52, b"\0")


def free_ports() -> tuple[int, int]:
    """Return two free ports of this test process."""
    return free_port(), free_port()


def stamped(seq: int) -> bytes:
    """A full state with its capture time, and the time of sending stamped last."""
    now = time.monotonic()
    message = bytearray(encode_affect(replace(STATE, seq=seq, captured=now, sent=now)))
    struct.pack_into(">d", message, message.index(SENT) + len(SENT), time.monotonic())
    return bytes(message)


@contextlib.contextmanager
def in_background(work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Run ``work`` on a thread; its argument is the event that ends it."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def median_delay(script: str, port: int, count: int) -> float:
    """Median seconds that a subscriber's script prints, run in a process of its own."""
    command = [sys.executable, "-c", script, str(port), str(count)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@contextlib.contextmanager
def publisher(rate: float, *, version: int = 1, most: int = 0) -> Iterator[tuple[int, int]]:
    """Publish full states with libzmq, `rate` per second.

    0 publishes none, infinity the maximum.
    """
    ports = free_ports()
    with in_background(partial(_publish, ports, rate, version, most)):
        yield ports


def _publish(
    ports: tuple[int, int], rate: float, version: int, most: int, stop: threading.Event
) -> None:
    with zmq.Context() as context, context.socket(zmq.XPUB) as pub:
        pub.setsockopt(zmq.LINGER, 0)
        pub.setsockopt(zmq.SNDHWM, most or 100000)
        pub.setsockopt(zmq.XPUB_NODROP, 1 if rate == float("inf") else 0)
        with context.socket(zmq.ROUTER) as router:
            router.setsockopt(zmq.LINGER, 0)
            router.bind(f"tcp://127.0.0.1:{ports[1]}")
            pub.bind(f"tcp://127.0.0.1:{ports[0]}")
            seq, due = 0, time.monotonic()
            while not stop.is_set():
                if rate == 0:
                    time.sleep(0.01)
                    continue
                seq += 1
                message = stamped(seq)
                if version != 1:
                    message = message.replace(b"\xa1v\x01", b"\xa1v" + bytes([version]))
                with contextlib.suppress(zmq.Again):
                    pub.send(message, zmq.DONTWAIT)
                if rate < float("inf"):
                    due += 1 / rate
                    time.sleep(max(0.0, due - time.monotonic()))


SUBSCRIBER = """
import sys, time, zmq
from sentio_bridge.protocol.codec import decode_affect
with zmq.Context() as context, context.socket(zmq.SUB) as sub:
    sub.connect("tcp://127.0.0.1:" + sys.argv[1])
    sub.subscribe(b"affect/")
    delays = []
    for _ in range(int(sys.argv[2])):
        frame = decode_affect(sub.recv())
        delays.append(time.monotonic() - frame.sent)
print(sorted(delays)[len(delays) // 2])
"""


def libzmq_delay(port: int, count: int) -> float:
    """Return the median delay to a libzmq subscriber, seconds."""
    return median_delay(SUBSCRIBER, port, count)


@contextlib.contextmanager
def flood() -> Iterator[tuple[int, int]]:
    """A publisher that sends the same state as fast as the reader takes it, from C."""
    ports = free_ports()

    def send(stop: threading.Event) -> None:
        with zmq.Context() as context, context.socket(zmq.XPUB) as pub:
            pub.setsockopt(zmq.LINGER, 0)
            pub.setsockopt(zmq.XPUB_NODROP, 1)
            pub.bind(f"tcp://127.0.0.1:{ports[0]}")
            while not stop.is_set():
                try:
                    for _ in range(100):
                        pub.send(FULL, zmq.DONTWAIT)
                except zmq.Again:
                    pub.poll(5, zmq.POLLOUT)

    with in_background(send):
        yield ports


@contextlib.contextmanager
def rude(manner: str) -> Iterator[tuple[int, int]]:
    """Run a peer that is silent, only greets, sends garbage or never accepts."""
    stop = threading.Event()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0 if manner == "full" else 64)
        listening.settimeout(0.1)
        port = int(listening.getsockname()[1])
        held: list[socket.socket] = []

        def serve() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError, OSError):
                    peer, _ = listening.accept()
                    held.append(peer)
                    if manner == "greeting":
                        peer.sendall(GREETING)
                    elif manner == "garbage":
                        peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9)

        thread = threading.Thread(target=serve)
        if manner == "full":
            held += [socket.create_connection(("127.0.0.1", port), 1)]
        else:
            thread.start()
        try:
            yield port, port
        finally:
            stop.set()
            if manner != "full":
                thread.join()
            for peer in held:
                peer.close()


class Stand:
    """Only a sidecar's sockets, of a real libzmq, reopened on the same ports."""

    def __init__(self) -> None:
        self.ports = free_ports()
        self._epoch = 0
        self._stop = threading.Event()
        self._thread = threading.Thread()

    def start(self) -> float:
        """Open the sockets and publish; returns when they listen, monotonic seconds."""
        self._epoch += 1
        self._stop.clear()
        listening = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listening,))
        self._thread.start()
        listening.wait()
        return time.monotonic()

    def kill(self) -> None:
        """Close the sockets as at the end of a process."""
        self._stop.set()
        self._thread.join()

    def _run(self, listening: threading.Event) -> None:
        frame, seq = replace(STATE, epoch=self._epoch), 0
        with zmq.Context() as context, context.socket(zmq.XPUB) as pub:
            with context.socket(zmq.ROUTER) as router:
                for sock, port in ((pub, self.ports[0]), (router, self.ports[1])):
                    sock.setsockopt(zmq.LINGER, 0)
                    sock.bind(f"tcp://127.0.0.1:{port}")
                listening.set()
                while not self._stop.wait(1 / 60):
                    seq += 1
                    pub.send(encode_affect(replace(frame, seq=seq, sent=time.monotonic())))


class Sidecar:
    """A real sidecar with the demo's simulated person, restarted on the same ports."""

    def __init__(self, ports: tuple[int, int] | None = None, *config: str) -> None:
        self.ports = ports or free_ports()
        self._config = config or ("--demo",)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it; returns when it listens, monotonic seconds."""
        command = [sys.executable, "-m", "sentio_bridge", "run", "--exit-on-stdin-eof", "--quiet"]
        command += [*self._config, "--state-port", str(self.ports[0])]
        command += ["--control-port", str(self.ports[1])]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.ports[0]), 0.2).close()
            except OSError:
                time.sleep(0.005)
            else:
                return time.monotonic()
        raise TimeoutError("the sidecar never listened")

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def __enter__(self) -> Sidecar:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
