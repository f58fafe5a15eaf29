"""Malformed messages to each endpoint of a running sidecar, and what they leave.

The sidecar has no limits of rates (``open_sidecar``): with them it would read a few of the
messages, and no more.
"""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.hostile import malformed
from benchmarks.hostile.raw_client import Curve, Plain, framed
from benchmarks.processes import free_port
from sentio_bridge.errors import BridgeError
from sentio_bridge.transport.allow_list import AllowList
from sentio_bridge.transport.client import Requester
from sentio_bridge.transport.client_keys import KeyPair

TOKEN = "token of the hostile client"

CONFIG = """
[sidecar]
token = "{token}"
state_port = {state}
control_port = {control}
[privacy]
folder = "{folder}/state"
[profiles]
folder = "{folder}/profiles"
[consent]
body = ["adapt"]
[[source]]
type = "simulate"
roles = ["ppg", "eda"]
"""

BATCH = 200
"""Messages of one connection before one that ends it."""

SETTLED = 0.2
"""Share of the messages after which memory counts: until then, caches fill."""

FRAMES = 10
"""Frames after which its threads run."""

PENDING = 64
"""Connections that wait for their end."""

GOAL_MB = 20.0


@dataclass(frozen=True, slots=True)
class Target:
    """A running sidecar.

    Attributes:
        process: Its process.
        ports: State, control, and both for other machines.
        keys: Keys of an operator on another machine.
    """

    process: psutil.Process
    ports: tuple[int, ...]
    keys: KeyPair

    def footprint(self) -> tuple[float, int, int]:
        """Return memory in MB, descriptors and threads."""
        return (
            self.process.memory_info().rss / 1e6,
            self.process.num_fds(),
            self.process.num_threads(),
        )

    def used(self) -> float:
        """Return its processor time, seconds."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def health(self) -> dict[str, Any]:
        """Return the health, over the control port.

        Raises:
            BridgeError: It does not answer.
        """
        with Requester(f"tcp://127.0.0.1:{self.ports[1]}", TOKEN, timeout=60.0) as requester:
            found: dict[str, Any] = requester.call("status")["health"]
            return found


def run(messages: int = 1_000_000, seed: int = 1) -> dict[str, Any]:
    """Send a number of malformed messages to each endpoint; return what they cost.

    Raises:
        BridgeError: The sidecar has ended, does not answer, or kept a connection open.
    """
    with opened() as target:
        return {
            name: _attack(target, name, messages, random.Random(f"{seed} {name}"))
            for name in ("state", "control", "remote")
        }


@contextmanager
def opened() -> Iterator[Target]:
    """Run a sidecar without limits of rates."""
    with tempfile.TemporaryDirectory() as folder:
        path, keys = Path(folder) / "sentio.toml", Path(folder) / "curve"
        ports = free_port(), free_port()
        text = CONFIG.format(token=TOKEN, state=ports[0], control=ports[1], folder=folder)
        path.write_text(text, encoding="utf-8")
        pair = AllowList(keys).add("hostile", "operator")
        command = [sys.executable, "-m", "benchmarks.hostile.open_sidecar", str(path), str(keys)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            try:
                bound = tuple(int(port) for port in process.stdout.readline().split())
                if len(bound) != 4:
                    raise BridgeError("the sidecar did not start")
                yield Target(psutil.Process(process.pid), bound, pair)
            finally:
                process.terminate()


def _attack(target: Target, name: str, count: int, rng: random.Random) -> dict[str, Any]:
    _warm(target, name, rng)
    before, settled = target.footprint(), 0.0
    started, used = time.monotonic(), target.used()
    sent = connections = 0
    seen = 0.0
    ending = _Ending()
    while sent < count:
        part = min(BATCH, count - sent)
        sent += _connection(target, name, part, rng, ending)
        connections += 1
        if sent / count >= seen:
            seen += 0.05
            if not target.process.is_running():
                raise BridgeError(f"the sidecar has ended after {sent} messages to {name}")
            if not settled and sent / count >= SETTLED:
                settled = target.footprint()[0]
    ending.wait(0)
    seconds = time.monotonic() - started
    health = target.health()
    after = _at_rest(target, before)
    return {
        "messages": sent,
        "connections": connections,
        "seconds": round(seconds, 1),
        "cpu_us_per_message": round((target.used() - used) / sent * 1e6),
        "defects": health["defects"],
        "grown_mb": round(after[0] - before[0], 1),
        "grown_mb_after_a_fifth": round(after[0] - settled, 1),
        "descriptors": (before[1], after[1]),
        "threads": (before[2], after[2]),
        "met": not health["defects"]
        and after[0] - settled < GOAL_MB
        and after[1] <= before[1]
        and after[2] <= before[2],
    }


def _warm(target: Target, name: str, rng: random.Random) -> None:
    """Wait for the first frames, and send a few messages, so that every thread runs."""
    end = time.monotonic() + 60.0
    while target.health()["frames"] < FRAMES and time.monotonic() < end:
        time.sleep(0.2)
    ending = _Ending()
    for _ in range(10):
        _connection(target, name, BATCH, rng, ending)
    ending.wait(0)


def _at_rest(target: Target, before: tuple[float, int, int]) -> tuple[float, int, int]:
    """Return the footprint once closed connections are gone, or after 10 s."""
    end = time.monotonic() + 10.0
    while True:
        after = target.footprint()
        if (after[1] <= before[1] and after[2] <= before[2]) or time.monotonic() > end:
            return after
        time.sleep(0.1)


class _Ending:
    """Connections that the server must end; it finds their process first."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[socket.socket, bytes]] = deque()

    def add(self, sock: socket.socket, data: bytes) -> None:
        """Send the last bytes of a connection."""
        with suppress(OSError):  # closed before all was sent
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
        self._waiting.append((sock, data))
        self.wait(PENDING)

    def wait(self, most: int) -> None:
        """Wait until at most ``most`` are open.

        Raises:
            BridgeError: The server keeps one open.
        """
        while len(self._waiting) > most:
            sock, data = self._waiting.popleft()
            with sock, suppress(ConnectionError):
                try:
                    while sock.recv(65_536):
                        pass
                except TimeoutError:
                    raise BridgeError(f"a connection stayed open after {data[:80]!r}") from None


def _connection(target: Target, name: str, count: int, rng: random.Random, ending: _Ending) -> int:
    """Send malformed messages on one connection, then end it; return their number.

    Raises:
        BridgeError: A reply is missing, or the server keeps a connection open.
    """
    to_state = name == "state" or (name == "remote" and rng.random() < 0.5)
    kind = "SUB" if to_state else "DEALER"
    port = target.ports[2 * (name == "remote") + (not to_state)]
    if rng.random() < 0.2:
        sock = socket.create_connection(("127.0.0.1", port), timeout=60.0)
        ending.add(sock, malformed.opening(rng, kind))
        return 1
    connection = Curve(port, kind, target.keys) if name == "remote" else Plain(port, kind, TOKEN)
    make: Callable[[random.Random], bytes] = (
        malformed.subscription if to_state else malformed.request
    )
    bodies = [make(rng) for _ in range(count - 1)]
    data = connection.frames(bodies)
    if to_state:
        data += connection.frames([b"\x04PING\0\0"], 4)
    connection.sock.sendall(data)
    expected = 1 if to_state else len(bodies)  # a PONG, or the replies
    if connection.wait(expected) < expected:
        raise BridgeError(f"{name} closed a connection before all replies were sent")
    ending.add(connection.sock, _last(connection, rng))
    return count


def _last(connection: Plain, rng: random.Random) -> bytes:
    """Return bytes that end a connection: plain ones, or a box that does not open."""
    if isinstance(connection, Curve) and rng.random() < 0.5:
        box = bytearray(connection.client.seal(b"\x01affect/"))
        box[rng.randrange(8, len(box))] ^= 1 << rng.randrange(8)
        return framed(bytes(box))
    return malformed.closing(rng)
