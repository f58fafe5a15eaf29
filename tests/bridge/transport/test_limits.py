"""Tests of limits: offenders are disconnected and named, other clients go on."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from tests.bridge.transport.servers import (
    GAME,
    LISTENER,
    TOKEN,
    connect,
    faults,
    hello,
    reply_to_request,
    sockets,
    until,
    wait_for_subscribers,
)
from tests.deadline import DEADLINE

from benchmarks.stopwatch import Stopwatch
from sentio_bridge.protocol import codec
from sentio_bridge.transport import connections
from sentio_bridge.transport import peer as peers
from sentio_bridge.transport.client import Subscription
from sentio_bridge.transport.limits import Limits, SocketLimits
from sentio_bridge.transport.processes import Process, ProcessFinder
from sentio_bridge.transport.remote import Listener
from sentio_bridge.transport.server import ServerSockets

SMALL = SocketLimits(1024, 20, 1.0, 10_000, 100.0, 8, 4096)
TIGHT = Limits(
    connections=8, per_process=6, unidentified=8, handshake=60.0, subscriptions=4, ban=0.0,
    state=SMALL, control=SMALL,
)  # fmt: skip


@pytest.fixture
def tight() -> Iterator[ServerSockets]:
    with sockets(TIGHT) as made:
        yield made


@pytest.mark.parametrize(
    ("flood", "what"),
    [
        (b"".join(b"\x00\x03\x01%02d" % n for n in range(10)), "subscriptions"),
        (b"".join(b"\x04\x0d\x09SUBSCRIBE%03d" % n for n in range(10)), "subscriptions"),
        (b"\x00\x02\x01x" * 100, "frames"),
        (b"\x00\x02\x00x" * 100, "frames"),
        (b"\x04\x07\x04PING\0\0" * 100, "frames"),
        ((b"\x02" + (1000).to_bytes(8, "big") + b"\x01" * 1000) * 15, "data"),
        (b"\x02" + (2000).to_bytes(8, "big") + b"\x01" * 2000, "oversized"),
    ],
    ids=range(7),
)
def test_subscriber_beyond_a_limit_is_disconnected_and_named(
    tight: ServerSockets, flood: bytes, what: str
) -> None:
    with Subscription(tight.state_endpoint, [b"affect/"], LISTENER) as good:
        wait_for_subscribers(tight)
        with connect(tight.state_endpoint) as raw:
            port = raw.getsockname()[1]
            raw.sendall(hello(LISTENER, "SUB") + flood)
            until(tight, lambda: what in faults(tight))
            (offender,) = tight.offenders()
            assert (offender["socket"], offender["port"]) == ("state", port)
            assert offender["count"] == 1
        tight.publish(b"affect/x\0body")
        assert good.receive(10.0) == b"affect/x\0body"
        assert tight.subscriptions == 1


def test_client_that_floods_requests_is_disconnected(tight: ServerSockets) -> None:
    with connect(tight.control_endpoint) as raw:
        raw.sendall(hello(TOKEN, "DEALER") + b"\x00\x05hello" * 100)
        until(tight, lambda: "frames" in faults(tight))
    assert len(list(tight.requests(1000))) < SMALL.frames
    assert reply_to_request(tight)["ok"]


def test_connections_of_one_process_are_limited(tight: ServerSockets) -> None:
    raws = [connect(tight.control_endpoint) for _ in range(20)]
    try:
        until(tight, lambda: sum(o["count"] for o in tight.offenders()) >= 14)
        assert "connections" in faults(tight)
    finally:
        for raw in raws:
            raw.close()
    assert reply_to_request(tight)["ok"]


def test_connection_without_a_handshake_is_closed() -> None:
    with sockets(replace(TIGHT, handshake=0.3)) as server:
        with connect(server.control_endpoint) as raw:
            raw.sendall(b"\xff\0")
            until(server, lambda: "handshake" in faults(server))
            assert raw.recv(4096)[:1] == b"\xff"
            assert raw.recv(4096) == b""


def test_connection_that_is_not_read_yet_needs_no_handshake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While a process is banned, others are read when their process is known."""
    found, now = threading.Event(), [100.0]

    def search(ports: Collection[int], likely: Sequence[int]) -> dict[int, Process]:
        if likely:  # not the first
            found.wait(20.0)
        return dict.fromkeys(ports, Process(os.getpid(), "python"))

    monkeypatch.setattr(connections, "ProcessFinder", partial(ProcessFinder, search=search))
    with sockets(replace(TIGHT, ban=1000.0), clock=lambda: now[0]) as server:
        with connect(server.control_endpoint) as raw:
            raw.sendall(hello(GAME, "DEALER") + b"\x00\x05hello" * 100)
            turn(server, lambda: "frames" in faults(server))
        with connect(server.control_endpoint):
            turn(server, lambda: bool(server._connections.peers))  # noqa: SLF001
            now[0] += 2 * TIGHT.handshake
            server.wait(0.0)
            assert faults(server) == {"frames"}
            found.set()
            turn(server, lambda: "banned" in faults(server))


def turn(server: ServerSockets, condition: Callable[[], bool]) -> None:
    """Serve until a condition is met, while the server's clock does not advance."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, server.offenders()
        server.wait(0.0)
        time.sleep(0.01)


def test_offender_has_its_process_and_the_name_it_gave(tight: ServerSockets) -> None:
    def named() -> bool:
        for request in tight.requests():
            request.client.name = "a greedy game"
            tight.reply(request, codec.encode_body({"id": 1, "ok": True}))
        return any(p.process.pid and p.client.name for p in tight._connections.peers)  # noqa: SLF001

    with connect(tight.control_endpoint) as raw:
        raw.sendall(hello(GAME, "DEALER") + b"\x00\x05hello")
        until(tight, named)
        raw.sendall(b"\x00\x05hello")
        until(tight, lambda: named() and bool(tight._connections._names))  # noqa: SLF001
        raw.sendall(b"\x00\x05hello" * 100)
        until(tight, lambda: "frames" in faults(tight))
    (offender,) = tight.offenders()
    assert (offender["pid"], offender["name"]) == (os.getpid(), "a greedy game")
    assert offender["program"]


def test_banned_process_may_not_connect_for_a_while() -> None:
    with sockets(replace(TIGHT, ban=60.0)) as server:
        with connect(server.control_endpoint) as raw:
            until(server, lambda: any(p.is_identified for p in server._connections.peers))  # noqa: SLF001
            raw.sendall(hello(GAME, "DEALER") + b"\x00\x05hello" * 100)
            until(server, lambda: "frames" in faults(server))
        with connect(server.control_endpoint) as raw:
            until(server, lambda: "banned" in faults(server))


def test_subscriber_that_does_not_read_loses_messages_and_delays_no_other(
    server: ServerSockets,
) -> None:
    body = b"affect/x\0" + bytes(2000)
    with Subscription(server.state_endpoint, [b"affect/"], LISTENER) as good:
        wait_for_subscribers(server)
        with connect(server.state_endpoint) as raw:
            raw.sendall(hello(LISTENER, "SUB") + b"\x00\x08\x01affect/")
            wait_for_subscribers(server)
            longest, watch = 0.0, Stopwatch()
            for _ in range(80):
                watch.restart()
                for _ in range(100):
                    server.publish(body)
                    assert good.receive(10.0) == body
                longest = max(longest, watch.elapsed())
            (dead,) = [p for p in server._connections.peers if p.dropped]  # noqa: SLF001
            waiting = sum(map(len, dead._waiting))  # noqa: SLF001
    assert waiting < 256 * 2100
    assert longest < 0.5


def test_silent_peer_is_pinged_and_then_closed() -> None:
    now = [100.0]
    with sockets(clock=lambda: now[0]) as server:
        with connect(server.state_endpoint) as raw:
            raw.sendall(hello(LISTENER, "SUB"))
            turn(server, lambda: any(p.is_open for p in server._connections.peers))  # noqa: SLF001
            raw.setblocking(False)
            now[0] += 2.5
            server.wait(0.0)
            assert raw.recv(4096).endswith(b"\x04\x07\x04PING\0\0")
            raw.sendall(b"\x04\x05\x04PONG")
            turn(server, lambda: all(p.pinged is None for p in server._connections.peers))  # noqa: SLF001
            now[0] += 2.5
            server.wait(0.0)  # another PING
            now[0] += 19.9
            server.wait(0.0)
            assert len(server._connections.peers) == 1  # noqa: SLF001
            now[0] += 0.7
            turn(server, lambda: not server._connections.peers)  # noqa: SLF001
            assert faults(server) == {"silent"}


def test_a_subscriber_that_does_not_read_loses_states_but_no_event() -> None:
    # Room for states is soon used up; a slow reader then receives every event in order.
    limits = Limits(state=SocketLimits(1024, 512, 50, 65_536, 16_384, 8, 2_097_152))
    event = codec.topic("event", "x")
    with sockets(limits) as server:
        with Subscription(server.state_endpoint, token=LISTENER, backlog=True) as slow:
            wait_for_subscribers(server)
            peer = next(iter(server._connections.peers))  # noqa: SLF001
            peer._waiting.append(b"")  # noqa: SLF001  # as if the network were full
            for number in range(300):
                server.publish(codec.topic("affect", "x") + bytes(2000))
                server.publish(event + codec.encode_body({"epoch": 1, "id": number}))
            assert peer.dropped > 250
            server.wait(0.0)
            server._connections.watch(peer)  # noqa: SLF001
            ids = []
            end = time.monotonic() + DEADLINE
            while len(ids) < 300 and time.monotonic() < end:
                server.wait(0.0)
                message = slow.receive(0.05)
                if message is not None and message.startswith(event):
                    ids.append(codec.decode_map(message.partition(b"\0")[2])["id"])
            assert ids == list(range(300))
            assert slow.missed_events == 0


def test_half_of_the_queue_is_for_events_that_a_subscriber_receives() -> None:
    size = 65_536
    limits = Limits(state=SocketLimits(1024, 512, 50, 65_536, 16_384, 256, 8 * size))
    limits = replace(limits, control=replace(limits.control, queue_bytes=8 * size))
    with sockets(limits) as server:
        with (
            Subscription(server.state_endpoint, topics=[b"affect/"], token=LISTENER),
            connect(server.control_endpoint) as raw,
        ):
            wait_for_subscribers(server)
            raw.sendall(hello(GAME, "DEALER"))
            open_ = server._connections  # noqa: SLF001
            until(server, lambda: len([peer for peer in open_.peers if peer.is_open]) == 2)
            for peer in open_.peers:
                peer._waiting.append(b"")  # noqa: SLF001  # as if the network were full
            for _ in range(20):
                server.publish(codec.topic("affect", "x") + bytes(size), codec.topic("event", "x"))
                (control,) = (peer for peer in open_.peers if peer.name == "control")
                control.send(bytes(size))
            waiting = {peer.name: peer._waiting_bytes // size for peer in open_.peers}  # noqa: SLF001
    assert waiting == {"state": 3, "control": 8}


def test_exhausted_descriptors_stop_accepting_only_for_a_while(
    server: ServerSockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[OSError] = []

    class Exhausted:
        def __init__(self, real: socket.socket) -> None:
            self._real = real

        def accept(self) -> Any:
            if len(failures) < 1:
                failures.append(OSError(errno.EMFILE, "too many open files"))
                raise failures[0]
            return self._real.accept()

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    listeners = server._connections._listeners  # noqa: SLF001
    real = listeners[1]
    server._selector.unregister(real.sock)  # noqa: SLF001
    listeners[1] = Listener("control", Exhausted(real.sock))  # type: ignore[arg-type]
    server._selector.register(listeners[1].sock, 1, listeners[1])  # noqa: SLF001
    assert reply_to_request(server)["ok"]
    assert failures


def test_read_size_bounds_one_turn() -> None:
    assert peers.READ <= 65_536
