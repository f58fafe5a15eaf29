"""Tests of hostile programs: they cost the other clients little, and these go on."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading

import pytest
from tests.bridge.transport.servers import (
    GAME,
    LISTENER,
    TOKEN,
    connect,
    faults,
    hello,
    served,
    sockets,
    until,
    wait_for_subscribers,
)

from sentio_bridge.transport import peer as peers
from sentio_bridge.transport.client import Subscription
from sentio_bridge.transport.connections import HELD
from sentio_bridge.transport.limits import Limits, SocketLimits
from sentio_bridge.transport.server import ServerSockets

FEW = SocketLimits(1024, 20, 1.0, 10_000, 100.0, 8, 4096)
BANNING = Limits(ban=60.0, control=FEW)


def test_nothing_of_a_banned_process_is_read() -> None:
    """Bytes of a new connection wait until its process is known."""
    with sockets(BANNING) as server:
        with connect(server.control_endpoint) as raw:
            raw.sendall(hello(GAME, "DEALER") + b"\x00\x05hello" * 100)
            until(server, lambda: "frames" in faults(server))
        with connect(server.control_endpoint) as raw:
            raw.sendall(hello(GAME, "DEALER") + b"\x00\x05hello" * 100)
            until(server, lambda: "banned" in faults(server))
        assert [o["count"] for o in server.offenders() if o["what"] == "frames"] == [1]
        with connect(server.control_endpoint) as raw:
            until(server, lambda: sum(o["count"] for o in server.offenders()) == 3)
            with served(server):
                assert raw.recv(64) == b""  # not even a greeting


def test_connections_of_a_banned_process_are_kept_for_a_while_and_few() -> None:
    """A program that floods then waits; it does not connect again at once."""
    with sockets(BANNING) as server, contextlib.ExitStack() as stack:
        with connect(server.control_endpoint) as raw:
            raw.sendall(hello(GAME, "DEALER") + b"\x00\x05hello" * 100)
            until(server, lambda: "frames" in faults(server))
        for _ in range(12):
            stack.enter_context(connect(server.control_endpoint))
        until(server, lambda: sum(o["count"] for o in server.offenders()) == 13)
        held = [peer for peer in server._connections.peers if peer.held_until]  # noqa: SLF001
        assert 0 < len(held) <= HELD
        until(server, lambda: not server._connections.peers)  # noqa: SLF001


def test_requests_of_a_client_that_floods_are_not_executed() -> None:
    with sockets(BANNING) as server:
        with connect(server.control_endpoint) as raw:
            raw.sendall(hello(GAME, "DEALER"))
            until(server, lambda: any(p.is_open for p in server._connections.peers))  # noqa: SLF001
            raw.sendall(b"\x00\x05hello" * 100)
            until(server, lambda: "frames" in faults(server))
        assert not list(server.requests(1000))


def test_flood_that_is_not_read_waits_in_its_sender(server: ServerSockets) -> None:
    with connect(server.state_endpoint) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        raw.setblocking(False)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while sent < 10_000_000:
                sent += raw.send(bytes(4096))
    assert sent < 500_000  # by default the system takes over 6 MB


def test_other_processes_connect_while_one_is_banned() -> None:
    with sockets(BANNING) as server:
        with connect(server.control_endpoint) as raw:
            raw.sendall(hello(GAME, "DEALER") + b"\x00\x05hello" * 100)
            until(server, lambda: "frames" in faults(server))
        assert len(list(server.requests(1000))) < FEW.frames
        code = (
            "import sys; from sentio_bridge.transport.client import Requester\n"
            "with Requester(sys.argv[1], sys.argv[2], 20.0) as r: assert r.try_call('hello')['ok']"
        )
        other = [sys.executable, "-c", code, server.control_endpoint, TOKEN]
        with served(server):
            assert subprocess.run(other, timeout=60, check=False).returncode == 0


def test_storm_of_connections_is_accepted_slowly() -> None:
    now = [0.0]
    few = Limits(accepts=4, accepts_per_second=2)
    with sockets(few, clock=lambda: now[0]) as server:
        with contextlib.ExitStack() as stack:
            for _ in range(10):
                stack.enter_context(connect(server.control_endpoint))

            def accepted() -> int:
                for _ in range(5):
                    server.wait(0.0)
                return len(server._connections.peers)  # noqa: SLF001

            assert accepted() == 4
            now[0] = 1.0
            assert accepted() == 6
            now[0] = 1.2
            assert accepted() == 6
            now[0] = 2.2
            assert accepted() == 8


def test_flood_of_requests_is_taken_in_small_parts(server: ServerSockets) -> None:
    with connect(server.control_endpoint) as raw:
        raw.sendall(hello(TOKEN, "DEALER") + b"\x00\x05hello" * 100)
        until(server, lambda: len(server._requests) == 100)  # noqa: SLF001
    assert len(list(server.requests())) == 8


def test_publishing_does_not_wait_for_what_a_client_sends(
    server: ServerSockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, go = threading.Event(), threading.Event()
    receive = peers.Peer.receive

    def slow(peer: peers.Peer, now: float) -> bytes | None:
        data = receive(peer, now)
        if data == b"\x00\x02\x01x":
            reading.set()
            assert go.wait(20.0)
        return data

    with Subscription(server.state_endpoint, [b"affect/"], LISTENER) as good:
        wait_for_subscribers(server)
        with connect(server.state_endpoint) as raw:
            raw.sendall(hello(LISTENER, "SUB"))
            until(server, lambda: len([p for p in server._connections.peers if p.is_open]) == 2)  # noqa: SLF001
            monkeypatch.setattr(peers.Peer, "receive", slow)
            waiting = threading.Thread(target=wait_for_subscribers, args=(server,))
            waiting.start()
            try:
                raw.sendall(b"\x00\x02\x01x")
                assert reading.wait(20.0)
                server.publish(b"affect/x\0body")
                assert good.receive(20.0) == b"affect/x\0body"
            finally:
                go.set()
                waiting.join()
