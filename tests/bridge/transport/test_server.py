"""Server and client sockets on loopback."""

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


def wait_for_subscribers(server: ServerSockets, count: int = 1) -> list[bytes]:
    received: list[bytes] = []
    while len(received) < count:
        server.wait(1.0)
        received += [prefix for subscribed, prefix in server.subscriptions() if subscribed]
    return received


def test_every_subscriber_is_noticed_and_receives(server: ServerSockets) -> None:
    with (
        Subscription(server.state_endpoint, [b"affect/"]) as one,
        Subscription(server.state_endpoint, [b"affect/"]) as two,
    ):
        assert wait_for_subscribers(server, 2) == [b"affect/", b"affect/"]
        server.publish(b"affect/x\0body")
        server.publish(b"event/x\0body")
        assert one.receive(10.0) == two.receive(10.0) == b"affect/x\0body"
        assert one.receive(0.05) is None


def reply_to_request(server: ServerSockets, token: str | None = None) -> dict[str, Any]:
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
        reply = requester.request("hello")
    thread.join()
    return reply


def test_reply_reaches_its_client(server: ServerSockets) -> None:
    assert reply_to_request(server) == {"v": 1, "id": 1, "ok": True}


def test_request_without_a_server_times_out() -> None:
    with Requester("tcp://127.0.0.1:9", timeout=0.05) as requester:
        with pytest.raises(BridgeError, match="sentio run"):
            requester.request("hello")


def test_wake_ends_a_wait(server: ServerSockets) -> None:
    thread = threading.Thread(target=server.wait, args=(60.0,))
    thread.start()
    server.wake()
    thread.join(20.0)
    assert not thread.is_alive()


def test_new_subscription_is_noticed_while_publishing(server: ServerSockets) -> None:
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
                received: list[tuple[bool, bytes]] = []
                while (True, b"affect/") not in received:
                    server.wait(20.0)
                    received += server.subscriptions()
                assert sub.receive(20.0) == b"affect/x\0body"
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_publish_after_close_does_nothing() -> None:
    sockets = ServerSockets(ANY, ANY)
    sockets.close()
    sockets.publish(b"affect/x\0body")
    sockets.wake()


def test_second_server_on_a_port_is_refused(server: ServerSockets) -> None:
    with pytest.raises(PortTakenError, match="in use"):
        ServerSockets(server.state_endpoint, ANY)
    with Subscription(server.state_endpoint) as sub:
        wait_for_subscribers(server)
        server.publish(b"a\0b")
        assert sub.receive(10.0) == b"a\0b"


@pytest.mark.parametrize("password", ["wrong", None])
def test_subscriber_without_the_token_receives_nothing(password: str | None) -> None:
    with ServerSockets(ANY, ANY, token="secret") as server:
        with Subscription(server.state_endpoint, [b""], "secret") as authorised:
            wait_for_subscribers(server)
            with Subscription(server.state_endpoint, [b""], password) as unauthorised:
                server.wait(0.3)
                server.publish(b"a\0b")
                assert authorised.receive(10.0) == b"a\0b"
                assert unauthorised.receive(0.3) is None


def test_oversized_request_closes_only_its_connection(server: ServerSockets) -> None:
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
            requester.request("hello")  # it arrives, but this test does not reply
    thread.join()
    assert len(list(server.requests())) == 1


def test_close_may_be_called_twice() -> None:
    sockets = ServerSockets(ANY, ANY)
    sockets.close()
    sockets.close()


OLD_PEER = b"\x01\0" + b"\x05\0body"
"""Bytes of a ZMTP 1.0 peer: an empty identity and a message."""


def is_refused(family: int, address: Any) -> bool:
    """Connect as a ZMTP 1.0 peer; return whether the reply is at most a signature."""
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
def test_zmtp_1_peer_is_refused_and_others_are_served(token: str | None) -> None:
    with ServerSockets(ANY, ANY, token) as server:
        for endpoint in (server.control_endpoint, server.state_endpoint):
            port = int(endpoint.rsplit(":", 1)[1])
            assert is_refused(socket.AF_INET, ("127.0.0.1", port))
        assert reply_to_request(server, token)["ok"]
        assert not list(server.requests())
        assert not server.subscriptions()


@pytest.mark.skipif(sys.platform == "win32", reason="libzmq has no ipc on Windows")
def test_zmtp_1_peer_is_refused_on_ipc() -> None:
    with tempfile.TemporaryDirectory() as folder:
        state, control = Path(folder, "state"), Path(folder, "control")
        with ServerSockets(f"ipc://{state}", f"ipc://{control}") as server:
            assert is_refused(socket.AF_UNIX, str(control))
            assert is_refused(socket.AF_UNIX, str(state))
            assert reply_to_request(server)["ok"]


@pytest.mark.parametrize("token", [None, "secret"])
@pytest.mark.parametrize("how", ["gone", "dead"])
def test_without_an_authenticator_all_clients_are_refused(how: str, token: str | None) -> None:
    with ServerSockets(ANY, ANY, token) as server:
        assert reply_to_request(server, token)["ok"]
        auth = server._auth  # noqa: SLF001 - not possible through the public interface
        if how == "gone":
            auth.stop()
        else:  # its socket is bound but not read
            thread = auth.thread
            auth.pipe.send(b"TERMINATE")
            thread.join()
        with (
            Requester(server.control_endpoint, token, timeout=0.5) as requester,
            Subscription(server.state_endpoint, token=token) as sub,
        ):
            with pytest.raises(BridgeError, match="no reply"):
                requester.request("hello")
            server.publish(b"affect/x\0body")
            assert sub.receive(0.2) is None
        assert not list(server.requests())
        assert not server.subscriptions()


@pytest.mark.parametrize("error", [zmq.ZMQError(errno.EMFILE), RuntimeError("no more threads")])
def test_nothing_is_bound_if_the_authenticator_does_not_start(
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
        assert reply_to_request(after)["ok"]


def test_close_ends_all_threads() -> None:
    before = threading.active_count()
    for _ in range(5):
        with ServerSockets(ANY, ANY):
            assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_passwords_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="zmq.auth")
    with ServerSockets(ANY, ANY, token="open sesame") as server:
        assert reply_to_request(server, "open sesame")["ok"]
        with Requester(server.control_endpoint, "a wrong one", timeout=0.2) as requester:
            with pytest.raises(BridgeError):
                requester.request("hello")
    assert "sesame" not in caplog.text
    assert "wrong" not in caplog.text
