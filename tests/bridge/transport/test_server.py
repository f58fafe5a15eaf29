"""Real ZeroMQ sockets on loopback."""

from __future__ import annotations

import errno
import logging
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq
from zmq.auth.thread import ThreadAuthenticator

from sentio_bridge.errors import BridgeError, PortTakenError
from sentio_bridge.protocol import codec
from sentio_bridge.transport.client import Requester, Subscription
from sentio_bridge.transport.server import ServerSockets

ANY = "tcp://127.0.0.1:*"


@pytest.fixture
def server() -> Iterator[ServerSockets]:
    with ServerSockets(ANY, ANY) as sockets:
        yield sockets


def joined(server: ServerSockets, count: int = 1) -> list[bytes]:
    seen: list[bytes] = []
    while len(seen) < count:
        server.wait(1.0)
        seen += [prefix for began, prefix in server.subscriptions() if began]
    return seen


def test_every_subscriber_is_seen_and_hears(server: ServerSockets) -> None:
    with (
        Subscription(server.state_endpoint, [b"affect/"]) as one,
        Subscription(server.state_endpoint, [b"affect/"]) as two,
    ):
        assert joined(server, 2) == [b"affect/", b"affect/"]
        server.publish(b"affect/x\0body")
        server.publish(b"event/x\0body")
        assert one.receive(10.0) == two.receive(10.0) == b"affect/x\0body"
        assert one.receive(0.05) is None


def answered(server: ServerSockets, token: str | None = None) -> dict[str, Any]:
    """Return the server's reply to a request."""

    def serve() -> None:
        for _ in range(100):
            server.wait(1.0)
            for envelope, body in server.requests():
                id_ = codec.decode_map(body)["id"]
                server.reply(envelope, codec.encode_body({"id": id_, "ok": True}))
                return

    thread = threading.Thread(target=serve)
    thread.start()
    with Requester(server.control_endpoint, token, timeout=20.0) as requester:
        reply = requester.ask("hello")
    thread.join()
    return reply


def test_a_request_is_answered_to_who_asked(server: ServerSockets) -> None:
    assert answered(server) == {"v": 1, "id": 1, "ok": True}


def test_nobody_answers() -> None:
    with Requester("tcp://127.0.0.1:9", timeout=0.05) as requester:
        with pytest.raises(BridgeError, match="sentio run"):
            requester.ask("hello")


def test_waking_ends_a_wait(server: ServerSockets) -> None:
    thread = threading.Thread(target=server.wait, args=(60.0,))
    thread.start()
    server.wake()
    thread.join(20.0)
    assert not thread.is_alive()


def test_whoever_publishes_no_subscriber_goes_unnoticed(server: ServerSockets) -> None:
    stop = threading.Event()

    def publish() -> None:
        while not stop.is_set():
            server.publish(b"affect/x\0body")

    threads = [threading.Thread(target=publish) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            with Subscription(server.state_endpoint, [b"affect/"]) as sub:
                seen: list[tuple[bool, bytes]] = []
                while (True, b"affect/") not in seen:
                    server.wait(20.0)
                    seen += server.subscriptions()
                assert sub.receive(20.0) == b"affect/x\0body"
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_publishing_after_the_end_is_nothing() -> None:
    sockets = ServerSockets(ANY, ANY)
    sockets.close()
    sockets.publish(b"affect/x\0body")
    sockets.wake()


def test_the_second_on_a_port_is_refused_and_the_first_goes_on(server: ServerSockets) -> None:
    with pytest.raises(PortTakenError, match="in use"):
        ServerSockets(server.state_endpoint, ANY)
    with Subscription(server.state_endpoint) as sub:
        joined(server)
        server.publish(b"a\0b")
        assert sub.receive(10.0) == b"a\0b"


@pytest.mark.parametrize("password", ["wrong", None])
def test_a_token_is_asked_for(password: str | None) -> None:
    with ServerSockets(ANY, ANY, token="secret") as server:
        with Subscription(server.state_endpoint, [b""], "secret") as friend:
            joined(server)
            with Subscription(server.state_endpoint, [b""], password) as stranger:
                server.wait(0.3)
                server.publish(b"a\0b")
                assert friend.receive(10.0) == b"a\0b"
                assert stranger.receive(0.3) is None


def test_a_huge_request_is_cut_off_and_others_are_served(server: ServerSockets) -> None:
    host, port = server.control_endpoint.removeprefix("tcp://").split(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(b"\xff" + b"\0" * 8 + b"\x7f\x03\0NULL" + b"\0" * 48)
        raw.sendall(b"\x04\x1d\x05READY\x0bSocket-Type\0\0\0\x06DEALER")
        raw.sendall(b"\x02" + (1 << 62).to_bytes(8, "big"))
        raw.settimeout(20.0)
        while raw.recv(4096):
            server.wait(0.01)
    thread = threading.Thread(target=lambda: [server.wait(0.05) for _ in range(20)])
    thread.start()
    with Requester(server.control_endpoint, timeout=0.5) as requester:
        with pytest.raises(BridgeError):
            requester.ask("hello")  # it arrives, though this test does not answer
    thread.join()
    assert len(list(server.requests())) == 1


def test_closing_twice_is_fine() -> None:
    sockets = ServerSockets(ANY, ANY)
    sockets.close()
    sockets.close()


OLD_PEER = b"\x01\0" + b"\x05\0body"
"""ZMTP 1.0: an empty identity and a message."""


def hung_up(family: int, address: Any) -> bool:
    """Send what a peer of ZMTP 1.0 sends; tell whether the answer is no more than a signature."""
    with socket.socket(family) as raw:
        raw.settimeout(10.0)
        raw.connect(address)
        got = b""
        try:
            raw.sendall(OLD_PEER)
            while part := raw.recv(4096):
                got += part
        except ConnectionError:
            pass
    return len(got) <= 10


@pytest.mark.parametrize("token", [None, "secret"])
def test_a_peer_of_zmtp_1_is_refused_and_others_are_served(token: str | None) -> None:
    with ServerSockets(ANY, ANY, token) as server:
        for endpoint in (server.control_endpoint, server.state_endpoint):
            port = int(endpoint.rsplit(":", 1)[1])
            assert hung_up(socket.AF_INET, ("127.0.0.1", port))
        assert answered(server, token)["ok"]
        assert not list(server.requests())
        assert not server.subscriptions()


@pytest.mark.skipif(sys.platform == "win32", reason="libzmq has no ipc on Windows")
def test_an_old_peer_is_refused_on_ipc_too() -> None:
    with tempfile.TemporaryDirectory() as folder:
        state, control = Path(folder, "state"), Path(folder, "control")
        with ServerSockets(f"ipc://{state}", f"ipc://{control}") as server:
            assert hung_up(socket.AF_UNIX, str(control))
            assert hung_up(socket.AF_UNIX, str(state))
            assert answered(server)["ok"]


@pytest.mark.parametrize("token", [None, "secret"])
@pytest.mark.parametrize("how", ["gone", "dead"])
def test_without_an_authenticator_nobody_is_served(how: str, token: str | None) -> None:
    with ServerSockets(ANY, ANY, token) as server:
        assert answered(server, token)["ok"]
        auth = server._auth  # noqa: SLF001 - what no caller can do
        if how == "gone":
            auth.stop()
        else:  # its socket is bound and nobody reads
            thread = auth.thread
            auth.pipe.send(b"TERMINATE")
            thread.join()
        with (
            Requester(server.control_endpoint, token, timeout=0.5) as requester,
            Subscription(server.state_endpoint, token=token) as sub,
        ):
            with pytest.raises(BridgeError, match="no reply"):
                requester.ask("hello")
            server.publish(b"affect/x\0body")
            assert sub.receive(0.2) is None
        assert not list(server.requests())
        assert not server.subscriptions()


@pytest.mark.parametrize("error", [zmq.ZMQError(errno.EMFILE), RuntimeError("no more threads")])
def test_nothing_is_bound_where_the_authenticator_does_not_start(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    with ServerSockets(ANY, ANY) as before:
        endpoint = before.control_endpoint

    def fail(_: ThreadAuthenticator) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(ThreadAuthenticator, "start", fail)
        with pytest.raises(BridgeError, match="authenticator"):
            ServerSockets(ANY, endpoint)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(endpoint.rsplit(":", 1)[1])))
    with ServerSockets(ANY, endpoint) as after:
        assert answered(after)["ok"]


def test_no_thread_stays() -> None:
    before = threading.active_count()
    for _ in range(5):
        with ServerSockets(ANY, ANY):
            assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_no_password_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="zmq.auth")
    with ServerSockets(ANY, ANY, token="open sesame") as server:
        assert answered(server, "open sesame")["ok"]
        with Requester(server.control_endpoint, "a wrong one", timeout=0.2) as requester:
            with pytest.raises(BridgeError):
                requester.ask("hello")
    assert "sesame" not in caplog.text
    assert "wrong" not in caplog.text
