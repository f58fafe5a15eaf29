"""Server and client sockets on loopback: what is served, and who is disconnected."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import zmq

from sentio_bridge.errors import BridgeError, PortTakenError
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.roles import Access, Grant, Role
from sentio_bridge.transport import peer as peers
from sentio_bridge.transport.client import Requester, Subscription
from sentio_bridge.transport.limits import Limits, SocketLimits
from sentio_bridge.transport.server import ServerSockets

ANY = "tcp://127.0.0.1:*"
TOKEN, LISTENER, GAME = "the operator's", "a listener's", "a game's"
ACCESS = Access(
    {TOKEN: Grant(Role.OPERATOR), LISTENER: Grant(Role.LISTENER), GAME: Grant(Role.GAME)}
)


def sockets(limits: Limits | None = None, **more: Any) -> ServerSockets:
    return ServerSockets(ANY, ANY, ACCESS, limits, **more)


@pytest.fixture
def server() -> Iterator[ServerSockets]:
    with sockets() as made:
        yield made


def wait_for_subscribers(server: ServerSockets, count: int = 1) -> list[bytes]:
    received: list[bytes] = []
    end = time.monotonic() + 20.0
    while len(received) < count and time.monotonic() < end:
        server.wait(1.0)
        received += [prefix for _, prefix in server.new_subscriptions()]
    return received


def until(server: ServerSockets, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20.0
    while not condition():
        assert time.monotonic() < end, server.offenders()
        server.wait(0.05)


@contextmanager
def served(server: ServerSockets) -> Iterator[None]:
    """Reply to every request, on another thread."""
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            server.wait(0.05)
            for request in server.requests():
                id_ = codec.decode_map(request.body)["id"]
                server.reply(request, codec.encode_body({"id": id_, "ok": True}))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def reply_to_request(server: ServerSockets, token: str | None = TOKEN) -> dict[str, Any]:
    with served(server), Requester(server.control_endpoint, token, timeout=20.0) as requester:
        return requester.request("hello")


def port_of(endpoint: str) -> int:
    return int(endpoint.rsplit(":", 1)[1])


GREETING = b"\xff" + b"\0" * 8 + b"\x7f\x03\0NULL" + b"\0" * 48
READY = b"\x05READY\x0bSocket-Type"


def hello(token: str, kind: str) -> bytes:
    """Return all that a PLAIN client sends in its handshake."""
    greeting = b"\xff" + b"\0" * 8 + b"\x7f\x03\0PLAIN" + b"\0" * 47
    login = b"\x05HELLO\x06sentio" + bytes([len(token)]) + token.encode()
    ready = b"\x08INITIATE\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind.encode()
    return greeting + b"".join(b"\x04" + bytes([len(body)]) + body for body in (login, ready))


def connect(endpoint: str, token: str = TOKEN) -> socket.socket:
    """Connect and complete the handshake without a ZeroMQ library."""
    raw = socket.create_connection(("127.0.0.1", port_of(endpoint)))
    raw.settimeout(20.0)
    return raw


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
                requester.request("hello")
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
        assert requester.request("hello")["ok"]
        with connect(server.control_endpoint) as raw:
            raw.sendall(hello(TOKEN, "DEALER") + b"\x02" + (1 << 20).to_bytes(8, "big"))
            while raw.recv(4096):
                pass
        assert requester.request("hello")["ok"]


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
    thread = threading.Thread(target=lambda: replies.append(requester.request("shutdown")))
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


SMALL = SocketLimits(1024, 20, 1.0, 10_000, 100.0, 8, 4096)
TIGHT = Limits(
    connections=8, per_process=6, unidentified=8, handshake=0.3, subscriptions=4, ban=0.0,
    state=SMALL, control=SMALL,
)  # fmt: skip


@pytest.fixture
def tight() -> Iterator[ServerSockets]:
    with sockets(TIGHT) as made:
        yield made


def faults(server: ServerSockets) -> set[str]:
    return {offender["what"] for offender in server.offenders()}


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


def test_connection_without_a_handshake_is_closed(tight: ServerSockets) -> None:
    with connect(tight.control_endpoint) as raw:
        raw.sendall(b"\xff\0")
        until(tight, lambda: "handshake" in faults(tight))
        assert raw.recv(4096)[:1] == b"\xff"
        assert raw.recv(4096) == b""


def test_offender_has_its_process_and_the_name_it_gave(tight: ServerSockets) -> None:
    def named() -> bool:
        for request in tight.requests():
            request.client.name = "a greedy game"
            tight.reply(request, codec.encode_body({"id": 1, "ok": True}))
        return any(p.process.pid and p.client.name for p in tight._peers)  # noqa: SLF001

    with connect(tight.control_endpoint) as raw:
        raw.sendall(hello(GAME, "DEALER") + b"\x00\x05hello")
        until(tight, named)
        raw.sendall(b"\x00\x05hello")
        until(tight, lambda: named() and bool(tight._names))  # noqa: SLF001
        raw.sendall(b"\x00\x05hello" * 100)
        until(tight, lambda: "frames" in faults(tight))
    (offender,) = tight.offenders()
    assert (offender["pid"], offender["name"]) == (os.getpid(), "a greedy game")
    assert offender["program"]


def test_banned_process_may_not_connect_for_a_while() -> None:
    with sockets(replace(TIGHT, ban=60.0)) as server:
        with connect(server.control_endpoint) as raw:
            until(server, lambda: any(p.is_identified for p in server._peers))  # noqa: SLF001
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
            longest = 0.0
            for _ in range(8000):
                before = time.perf_counter()
                server.publish(body)
                longest = max(longest, time.perf_counter() - before)
                assert good.receive(10.0) == body
            (dead,) = [p for p in server._peers if p.dropped]  # noqa: SLF001
            waiting = sum(map(len, dead._waiting))  # noqa: SLF001
    assert waiting < 256 * 2100
    assert longest < 0.5


def test_silent_peer_is_pinged_and_then_closed() -> None:
    now = [100.0]
    with sockets(clock=lambda: now[0]) as server:
        with connect(server.state_endpoint) as raw:
            raw.sendall(hello(LISTENER, "SUB"))
            for _ in range(100):
                server.wait(0.0)
                if any(p.is_open for p in server._peers):  # noqa: SLF001
                    break
                time.sleep(0.01)
            raw.setblocking(False)
            now[0] += 2.5
            server.wait(0.0)
            assert raw.recv(4096).endswith(b"\x04\x07\x04PING\0\0")
            raw.sendall(b"\x04\x05\x04PONG")
            time.sleep(0.05)
            server.wait(0.0)
            now[0] += 2.5
            server.wait(0.0)  # another PING
            now[0] += 3.9
            server.wait(0.0)
            assert len(server._peers) == 1  # noqa: SLF001
            now[0] += 0.7
            server.wait(0.0)
            assert not server._peers  # noqa: SLF001


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

    listeners = server._listeners  # noqa: SLF001
    server._selector.unregister(listeners["control"])  # noqa: SLF001
    listeners["control"] = Exhausted(listeners["control"])  # type: ignore[assignment]
    server._selector.register(listeners["control"], 1, "control")  # noqa: SLF001
    assert reply_to_request(server)["ok"]
    assert failures


def test_read_size_bounds_one_turn() -> None:
    assert peers.READ <= 65_536


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
