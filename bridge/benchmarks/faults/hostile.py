"""Steps of hostile programs: attackers, malformed messages, huge messages."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import time
from typing import Any

from benchmarks.faults.attacker import handshake
from benchmarks.faults.steps import Clock, FaultError, Measures, Step
from benchmarks.faults.world import TOKEN, World
from sentio_bridge.protocol import codec

CORPUS = (
    {"id": 1, "op": "status"},
    {"id": 2, "op": "marker", "name": "door", "data": {"a": 1}},
    {"id": 3, "op": "consent", "action": "grant", "sensor": "eeg", "purposes": ["adapt"]},
    {"id": 4, "op": "input", "stream": "s", "role": "ppg", "channels": ["a"], "values": [0.5]},
    {"id": 5, "op": "override", "values": {"valence": 0.5}, "seconds": 1.0},
    {"id": 6, "op": "record", "action": "status"},
    {"id": 7, "op": "label", "name": "valence", "value": 0.1},
    {"id": 8, "op": "text", "line": "a line of chat"},
)
"""Valid requests, from which malformed ones are made."""


def attack(
    world: World, clock: Clock, kind: str, seconds: float, named: list[str] | None = None
) -> Measures:
    """Run an attacker beside the listener; one of ``named`` must name it."""
    port = world.ports[1 if kind == "requests" else 0]
    clock.mark()
    before = world.process.memory_info().rss
    command = [sys.executable, "-m", "benchmarks.faults.attacker", kind, str(port), str(seconds)]
    attacker = subprocess.Popen([*command, TOKEN], stdout=subprocess.PIPE, text=True)
    output, _ = attacker.communicate(timeout=seconds + 60.0)
    health = world.status()["health"]
    mine = [o for o in health["disconnected"] if o["pid"] == attacker.pid]
    if named and not any(o["what"] in named for o in mine):
        raise FaultError(f"the attacker {attacker.pid} is not named in {health['disconnected']}")
    growth = (world.process.memory_info().rss - before) / 1e6
    return {
        "attempts": int(output.strip() or 0),
        "named": ", ".join(sorted({o["what"] for o in mine})) or "not limited",
        "attack_mb": round(growth, 1),
    }


def half_open(world: World, clock: Clock, count: int, within: float) -> Measures:
    """Open connections that send nothing; all must be closed within a time."""
    clock.mark()
    held = []
    for number in range(count):
        sock = socket.socket()
        sock.settimeout(2.0)
        try:
            sock.connect(("127.0.0.1", world.ports[number % 2]))
            sock.sendall(b"\xff" + bytes(8))
            held.append(sock)
        except OSError:
            sock.close()
    still = list(held)
    while still and clock.watch.elapsed() < within:
        time.sleep(0.1)
        still = [sock for sock in still if _is_open(sock)]
    for sock in held:
        sock.close()
    if still:
        raise FaultError(f"{len(still)} of {count} silent connections are open after {within} s")
    return {"connections": count, "closed_s": round(time.monotonic() - clock.injected, 1)}


def malformed(world: World, clock: Clock, count: int, seed: int = 1) -> Measures:
    """Send mutated requests on authorised connections; each needs a reply or an end."""
    rng = random.Random(seed)
    clock.mark()
    sent = connections = replies = 0
    while sent < count:
        with socket.create_connection(("127.0.0.1", world.ports[1]), timeout=5.0) as sock:
            connections += 1
            sock.sendall(handshake("DEALER", TOKEN))
            sock.settimeout(0.02)
            for _ in range(100):
                if sent == count:
                    break
                body = mutated(rng, codec.encode_body(dict(rng.choice(CORPUS))))
                sent += 1
                try:
                    sock.sendall(b"\x02" + len(body).to_bytes(8, "big") + body)
                    replies += sock.recv(65536).count(b"error")
                except TimeoutError:
                    continue
                except OSError:
                    break
    return {"messages": sent, "error_replies": replies, "connections": connections}


def mutated(rng: random.Random, body: bytes) -> bytes:
    """Return a message with some bytes changed, added or removed."""
    data = bytearray(body)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) or 1)
        what = rng.random()
        if what < 0.5 and data:
            data[at] = rng.randrange(256)
        elif what < 0.75:
            data[at:at] = rng.randbytes(rng.randint(1, 8))
        else:
            del data[at : at + rng.randint(1, 8)]
    return bytes(data)


def not_finite(world: World, clock: Clock, requests: list[dict[str, Any]]) -> Measures:
    """Send requests with NaN or infinity as they are; each must be refused."""
    import msgspec
    import zmq

    clock.mark()
    with zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
        dealer.setsockopt(zmq.LINGER, 0)
        dealer.setsockopt_string(zmq.PLAIN_USERNAME, "sentio")
        dealer.setsockopt_string(zmq.PLAIN_PASSWORD, TOKEN)
        dealer.connect(world.control)
        for number, fields in enumerate(requests):
            dealer.send(msgspec.msgpack.encode({"v": 1, "id": number, **fields}))
            if not dealer.poll(5000):
                raise FaultError(f"{fields['op']} was not answered")
            reply = codec.decode_map(dealer.recv_multipart()[-1])
            if reply["ok"]:
                raise FaultError(f"{fields['op']} with {fields} was accepted")
    return {"not_finite_refused": len(requests)}


def unauthorised(world: World, clock: Clock, requests: list[dict[str, Any]]) -> Measures:
    """Send requests without a token; each must be refused."""
    from sentio_bridge.transport.client import Requester

    clock.mark()
    for fields in requests:
        with Requester(world.control, "not the token of this sidecar", timeout=2.0) as requester:
            try:
                reply = requester.try_call(**fields)
            except Exception as error:  # a refused connection gives no reply
                if "no reply" not in str(error):
                    raise
                continue
            if reply["ok"]:
                raise FaultError(f"{fields['op']} was carried out without a valid token")
    return {"refused": len(requests)}


def huge(world: World, clock: Clock, sizes: list[int], most_mb: float = 20.0) -> Measures:
    """Announce huge messages; each connection must be closed at its header."""
    clock.mark()
    before = world.process.memory_info().rss
    closed = 0
    for size in sizes:
        for port, kind in zip(world.ports, ("SUB", "DEALER"), strict=True):
            with socket.create_connection(("127.0.0.1", port), timeout=5.0) as sock:
                sock.sendall(handshake(kind, TOKEN))
                sock.sendall(b"\x02" + size.to_bytes(8, "big") + bytes(64))
                closed += _ends(sock)
            time.sleep(0.05)
    growth = (world.process.memory_info().rss - before) / 1e6
    if closed < 2 * len(sizes) or growth > most_mb:
        raise FaultError(
            f"{closed} of {2 * len(sizes)} were closed, memory grew by {growth:.0f} MB"
        )
    return {"closed": closed, "growth_of_huge_mb": round(growth, 1)}


def _ends(sock: socket.socket) -> bool:
    """Return whether the peer closes the connection within 5 s."""
    sock.settimeout(5.0)
    try:
        while sock.recv(4096):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def _is_open(sock: socket.socket) -> bool:
    sock.setblocking(False)
    try:
        while sock.recv(4096):
            pass
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


STEPS: dict[str, Step] = {
    "attack": attack, "half_open": half_open, "malformed": malformed,
    "unauthorised": unauthorised, "not_finite": not_finite, "huge": huge,
}  # fmt: skip
