"""Server and client sockets on loopback: what is served, and who is disconnected."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from typing import Any

import pytest
import zmq
from tests.bridge.transport.servers import (
    ACCESS,
    ANY,
    GAME,
    GREETING,
    LISTENER,
    READY,
    TOKEN,
    connect,
    faults,
    hello,
    reply_to_request,
    served,
    sockets,
    until,
    wait_for_subscribers,
)

from sentio_bridge.errors import BridgeError, PortTakenError, RequestError
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.roles import Role
from sentio_bridge.transport.client import Requester, Subscription
from sentio_bridge.transport.server import ServerSockets


def test_every_subscriber_is_noticed_and_receives(server: ServerSockets) -> None:
    with (
        Subscription(server.state_endpoint, [b"affect/"], TOKEN) as one,
        Subscription(server.state_endpoint, [b"affect/"], LISTENER) as two,
    ):
        assert wait_for_subscribers(server, 2) == [b"affect/", b"affect/"]
        assert server.subscriptions == 2
        server.publish(b"affect/x\0body")
        server.publish(b"event/x\0body")
        assert one.receive(10.0) == two.receive(10.0) == b"affect/x\0body"
        assert one.receive(0.05) is None
    until(server, lambda: server.subscriptions == 0)


def test_message_for_one_subscriber_reaches_only_it(server: ServerSockets) -> None:
    with Subscription(server.state_endpoint, [b"health"], LISTENER) as one:
        wait_for_subscribers(server)
        with Subscription(server.state_endpoint, [b""], LISTENER, backlog=True) as two:
            peer = None
            while peer is None:
                server.wait(1.0)
                peer = next((p for p, _ in server.new_subscriptions()), None)
            server.send(peer, b"health\0one", b"raw/eeg\0two", b"affect/x\0three")
            server.publish(b"health\0four")
            assert [two.receive(10.0) for _ in range(3)] == [
                b"health\0one",
                b"affect/x\0three",
                b"health\0four",
            ]
        assert one.receive(10.0) == b"health\0four"


@pytest.mark.parametrize(
    ("token", "kinds"),
    [
        (TOKEN, ["affect", "detail", "event", "health", "raw", "future"]),
        (GAME, ["affect", "detail", "event", "health"]),
        (LISTENER, ["affect", "detail", "event", "health"]),
    ],
)
def test_subscriber_receives_what_its_role_permits(
    server: ServerSockets, token: str, kinds: list[str]
) -> None:
    sent = [f"{k}/x\0".encode() for k in ("affect", "detail", "event", "health", "raw", "future")]
    with Subscription(server.state_endpoint, [b"", b"raw/", b"r"], token) as sub:
        wait_for_subscribers(server, 3)
        server.publish(*sent)
        server.publish(b"event/end\0")
        received = []
        while (message := sub.receive(10.0)) != b"event/end\0":
            assert message is not None
            received.append(message.partition(b"/")[0].decode())
    assert received == kinds


@pytest.mark.parametrize("token", [TOKEN, "unknown", None])
def test_reply_reaches_every_client(server: ServerSockets, token: str | None) -> None:
    """Everyone may connect to control: what a client may request is decided later."""
    assert reply_to_request(server, token) == {"v": 1, "id": 1, "ok": True}


def test_requests_have_the_role_of_their_connection(server: ServerSockets) -> None:
    for token, role in ((TOKEN, Role.OPERATOR), (GAME, Role.GAME), ("no", Role.NONE)):
        with Requester(server.control_endpoint, token, timeout=0.2) as requester:
            with pytest.raises(BridgeError, match="no reply"):
                requester.try_call("hello")
            found: list[Any] = []
            until(server, lambda found=found: bool(found.extend(server.requests()) or found))
        (request,) = found
        assert request.client.grant.role is role


def test_requests_of_a_req_socket_are_answered(server: ServerSockets) -> None:
    context = zmq.Context()
    with served(server), context.socket(zmq.REQ) as req:
        req.setsockopt(zmq.LINGER, 0)
        req.connect(server.control_endpoint)
        for number in range(3):
            req.send(codec.encode_body({"id": number, "op": "time"}))
            assert req.poll(20_000)
            assert codec.decode_map(req.recv())["id"] == number
    context.term()


def test_request_without_a_server_times_out() -> None:
    with Requester("tcp://127.0.0.1:9", timeout=0.05) as requester:
        with pytest.raises(BridgeError, match="sentio run"):
            requester.try_call("hello")
        # A value that is not a number is refused without a server: encoders leave it out.
        with pytest.raises(RequestError, match="stress is not a finite number"):
            requester.call("override", values={"valence": 0.5, "stress": float("nan")})


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
            time.sleep(0.0005)

    threads = [threading.Thread(target=publish) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            with Subscription(server.state_endpoint, [b"affect/"], TOKEN) as sub:
                assert wait_for_subscribers(server) == [b"affect/"]
                assert sub.receive(20.0) == b"affect/x\0body"
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_publish_after_close_does_nothing() -> None:
    server = sockets()
    server.close()
    server.publish(b"affect/x\0body")
    server.wake()
    server.wait(1.0)


def test_second_server_on_a_port_is_refused(server: ServerSockets) -> None:
    prepared: list[Any] = []
    for state, control in ((server.state_endpoint, ANY), (ANY, server.control_endpoint)):
        with pytest.raises(PortTakenError, match="in use"):
            ServerSockets(state, control, ACCESS, prepare=prepared.append)
    assert prepared == []
    with Subscription(server.state_endpoint, token=TOKEN) as sub:
        wait_for_subscribers(server)
        server.publish(b"event\0b")
        assert sub.receive(10.0) == b"event\0b"


@pytest.mark.parametrize("password", ["wrong", None])
def test_subscriber_without_a_token_receives_nothing(
    server: ServerSockets, password: str | None
) -> None:
    with Subscription(server.state_endpoint, [b""], TOKEN) as authorised:
        wait_for_subscribers(server)
        with Subscription(server.state_endpoint, [b""], password) as unauthorised:
            until(server, lambda: any(o["what"] == "refused" for o in server.offenders()))
            server.publish(b"event\0b")
            assert authorised.receive(10.0) == b"event\0b"
            assert unauthorised.receive(0.3) is None
    assert server.subscriptions <= 1


OLD_PEER = b"\x01\0" + b"\x05\0body"
"""Bytes of a ZMTP 1.0 peer: an empty identity and a message."""

POST = b"POST / HTTP/1.1\r\nHost: 127.0.0.1:28701\r\nContent-Length: 9\r\n\r\n\x01\0\0\0body"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (OLD_PEER, "signature"),
        (POST, "signature"),
        (b"\xff" + b"\0" * 9, "signature"),
        (b"\xff" + b"\0" * 8 + b"\x7f\x01\x08", "version"),
        (b"\xff" + b"\0" * 8 + b"\x7f\x03\0CURVE" + b"\0" * 47, "mechanism"),
        (GREETING + b"\x00\x01x", "malformed"),
        (GREETING + b"\x04\x03\x09PI", "malformed"),
        (GREETING + b"\x02" + (1 << 62).to_bytes(8, "big"), "oversized"),
        (GREETING + b"\x02" + (65_537).to_bytes(8, "big"), "oversized"),
        (GREETING + b"\x08\x00", "malformed"),
        (GREETING + b"\x04\x19" + READY + b"\0\0\0\x03PUB"[:7] + b"", "socket_type"),
        (hello(TOKEN, "DEALER") + b"\x04\x06\x04PING\0", "malformed"),
        (hello(TOKEN, "DEALER") + b"\x01\x00" * 4, "oversized"),
    ],
    ids=range(13),
)
def test_peer_that_does_not_keep_to_the_protocol_is_disconnected(
    server: ServerSockets, data: bytes, what: str
) -> None:
    with connect(server.control_endpoint) as raw:
        raw.sendall(data)
        until(server, lambda: bool(server.offenders()))
        received = b""
        try:
            while part := raw.recv(4096):
                received += part
        except ConnectionError:
            pass
    assert server.offenders()[0]["what"] == what
    if what in ("signature", "version"):
        assert len(received) <= 11  # at most the first bytes of the greeting
    assert not list(server.requests())
    assert reply_to_request(server)["ok"]


def test_oversized_request_closes_only_its_connection(server: ServerSockets) -> None:
    with served(server), Requester(server.control_endpoint, TOKEN, timeout=20.0) as requester:
        assert requester.try_call("hello")["ok"]
        with connect(server.control_endpoint) as raw:
            raw.sendall(hello(TOKEN, "DEALER") + b"\x02" + (1 << 20).to_bytes(8, "big"))
            while raw.recv(4096):
                pass
        assert [offender["what"] for offender in server.offenders()] == ["oversized"]
        assert requester.try_call("hello")["ok"]


def test_close_may_be_called_twice_and_reports_once() -> None:
    closed: list[bool] = []
    server = sockets(on_close=lambda: closed.append(True))
    server.close()
    server.close()
    assert closed == [True]


def test_last_reply_is_sent_when_the_server_closes() -> None:
    server = sockets()
    requester = Requester(server.control_endpoint, TOKEN, timeout=20.0)
    replies: list[Any] = []
    thread = threading.Thread(target=lambda: replies.append(requester.try_call("shutdown")))
    thread.start()
    found: list[Any] = []
    until(server, lambda: bool(found.extend(server.requests()) or found))
    server.reply(found[0], codec.encode_body({"id": 1, "ok": True}))
    server.close()
    thread.join(20.0)
    requester.close()
    assert replies == [{"v": 1, "id": 1, "ok": True}]


def test_close_ends_all_threads() -> None:
    before = threading.active_count()
    for _ in range(5):
        with sockets():
            assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_tokens_are_not_logged(server: ServerSockets, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert reply_to_request(server)["ok"]
    assert reply_to_request(server, "open sesame")["ok"]
    assert TOKEN not in caplog.text
    assert "sesame" not in caplog.text
    assert "sesame" not in str(server.offenders())


def test_peer_that_waits_for_the_mechanism_is_offered_plain(server: ServerSockets) -> None:
    """A client may wait for the mechanism before the rest of its greeting."""
    handshake = hello(LISTENER, "SUB")
    with connect(server.state_endpoint) as raw:
        raw.sendall(handshake[:12])
        received = b""
        while len(received) < 64:
            server.wait(0.05)
            raw.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                received += raw.recv(64)
        assert received[10:18] == b"\x03\0PLAIN\0"
        raw.setblocking(True)
        raw.sendall(handshake[12:] + b"\x00\x08\x01affect/")
        assert wait_for_subscribers(server) == [b"affect/"]
    with connect(server.state_endpoint) as raw:
        raw.sendall(GREETING[:12])
        server.wait(0.3)
        raw.sendall(GREETING[12:])
        until(server, lambda: "mechanism" in faults(server))
