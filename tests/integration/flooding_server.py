"""A server that floods an engine's client: `python flooding_server.py KIND`.

It prints its ports for states and requests, completes each handshake, and then sends without a
pause what KIND names: `events`, `pings` (without a context), `empty` messages, `subjects` (states
of 300 people), `replies` (to no request), or `all` in turn. Ends with its standard input.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sentio_bridge.protocol.codec import decode_affect, encode_affect
from sentio_bridge.protocol.frame import AffectFrame

GREETING = bytes.fromhex("ff00000000000000017f0301") + b"NULL".ljust(20, b"\0") + bytes(32)
PING = b"\x04\x07\x04PING\0\0"
VECTOR = Path(__file__).parents[1] / "vectors/messages/affect_full.bin"
KINDS = ("events", "pings", "empty", "subjects", "replies")


def command(name: bytes, body: bytes) -> bytes:
    """Return a short ZMTP command."""
    content = bytes([len(name)]) + name + body
    return bytes([4, len(content)]) + content


def message(body: bytes) -> bytes:
    """Return a ZMTP message of one frame."""
    if len(body) < 256:
        return bytes([0, len(body)]) + body
    return b"\x02" + len(body).to_bytes(8, "big") + body


def ready(kind: bytes) -> bytes:
    """Return the READY command of a socket type."""
    return command(b"READY", b"\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind)


def event(number: int) -> bytes:
    """Return an event of the followed person."""
    body = {"v": 1, "epoch": 1, "id": number, "time": 1.0, "kind": "change", "name": "arousal"}
    body["data"] = {"dimension": "arousal", "from": 0.1, "to": 0.9, "text": "x" * 40}
    return b"event/player\0" + msgspec.msgpack.encode(body)


def flood(kind: str, state: AffectFrame) -> bytes:
    """Return some hundred messages of a kind."""
    if kind == "events":
        return b"".join(message(event(number)) for number in range(400))
    if kind == "pings":
        return PING * 60
    if kind == "empty":
        return message(b"") * 1000
    if kind == "replies":
        filling = {f"key {index}": index for index in range(200)}
        reply = msgspec.msgpack.encode({"v": 1, "id": 1 << 40, "ok": True, **filling})
        return message(reply) * 20
    states = (
        msgspec.structs.replace(state, subject=f"person {index}", seq=index) for index in range(300)
    )
    return b"".join(message(encode_affect(one)) for one in states)


def serve(listener: socket.socket, kind: bytes, parts: list[bytes]) -> None:
    """Greet each client, and send the parts again and again."""
    while True:
        client, _ = listener.accept()
        threading.Thread(target=attack, args=(client, kind, parts), daemon=True).start()


def attack(client: socket.socket, kind: bytes, parts: list[bytes]) -> None:
    """Complete the handshake and flood one client until it hangs up."""
    with client, contextlib.suppress(OSError):
        client.sendall(GREETING + ready(kind))
        client.recv(4096)
        drain = threading.Thread(target=swallow, args=(client,), daemon=True)
        drain.start()
        for part in itertools.cycle(parts):
            client.sendall(part)


def swallow(client: socket.socket) -> None:
    """Read and ignore what the client sends, so that it can answer pings."""
    with contextlib.suppress(OSError):
        while client.recv(65536):
            pass


def listeners() -> Iterator[socket.socket]:
    """Yield two sockets on free ports."""
    for _ in range(2):
        one = socket.socket()
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one


@contextlib.contextmanager
def flooding(kind: str) -> Iterator[str]:
    """Run the server in a process of its own; yield its ports."""
    command = [sys.executable, __file__, kind]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as server:
        assert server.stdin
        assert server.stdout
        try:
            yield server.stdout.readline().strip().replace(" ", ",")
        finally:
            server.stdin.close()
            server.wait(timeout=20)


def main(kind: str) -> None:
    state = decode_affect(VECTOR.read_bytes())
    kinds = KINDS if kind == "all" else (kind,)
    parts = [flood(one, state) for one in kinds]
    states, requests = listeners()
    print(states.getsockname()[1], requests.getsockname()[1], flush=True)
    for listener, socket_type in ((states, b"XPUB"), (requests, b"ROUTER")):
        arguments = (listener, socket_type, parts)
        threading.Thread(target=serve, args=arguments, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
