"""Clients on other machines: libzmq's CURVE against the sidecar's own server."""

from __future__ import annotations

import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zmq
from tests.deadline import DEADLINE
from typer.testing import CliRunner

from benchmarks.stopwatch import Stopwatch
from sentio_bridge.cli.app import application
from sentio_bridge.config.schema import Remote as RemotePorts
from sentio_bridge.config.schema import Sidecar
from sentio_bridge.errors import BridgeError, ConfigError
from sentio_bridge.protocol import codec
from sentio_bridge.transport.allow_list import CLIENTS, SERVER, AllowList
from sentio_bridge.transport.client import Requester, Subscription
from sentio_bridge.transport.client_keys import KeyPair, load_keys
from sentio_bridge.transport.ports import bind
from sentio_bridge.transport.server import ServerSockets

pytestmark = pytest.mark.skipif(not zmq.has("curve"), reason="this libzmq has no CURVE")

PORTS = RemotePorts(host="127.0.0.1", state_port=0, control_port=0)


@pytest.fixture
def allowed(tmp_path: Path) -> AllowList:
    return AllowList(tmp_path / "curve")


@pytest.fixture
def served(allowed: AllowList, tmp_path: Path) -> Iterator[tuple[ServerSockets, KeyPair]]:
    """Serve requests on a thread; publish a message ten times a second."""
    keys = allowed.add("laptop", "operator")
    local = Sidecar(state_port=0, control_port=0)
    sockets = bind(local, (), {}, tmp_path / "run", PORTS, allowed)
    sockets.may_share = lambda subject: subject != "bert"
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            sockets.wait(0.1)
            sockets.new_subscriptions()  # it waits for nothing while there are some
            sockets.publish(b"health\0" + b"x" * 300, b"raw/player\0y", b"affect/bert\0z")
            for request in sockets.requests():
                id_ = codec.decode_map(request.body)["id"]
                role = request.client.grant.role.label
                sockets.reply(
                    request,
                    codec.encode_body({"id": id_, "ok": True, "role": role, "pad": "p" * 300}),
                )

    thread = threading.Thread(target=serve)
    thread.start()
    yield sockets, keys
    stop.set()
    thread.join()
    sockets.close()


def until(condition: object) -> None:
    end = time.monotonic() + DEADLINE
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


def asked(endpoint: str, keys: KeyPair | None, timeout: float = 10.0) -> str:
    """Return the role that a request is answered with; empty if there is no answer."""
    with Requester(endpoint, timeout=timeout, keys=keys) as requester:
        try:
            return str(requester.try_call("status")["role"])
        except BridgeError:
            return ""


def test_allowed_client_has_its_role_and_receives(
    served: tuple[ServerSockets, KeyPair], allowed: AllowList
) -> None:
    sockets, keys = served
    state, control = sockets.remote_endpoints
    assert asked(control, keys) == "operator"
    other = allowed.add("tablet", "listener")
    until(lambda: asked(control, other, 2.0) == "listener")
    for pair, topics in ((keys, {b"health", b"raw/player"}), (other, {b"health"})):
        found = set()
        with Subscription(state, keys=pair, backlog=True) as subscription:
            for _ in range(8):
                message = subscription.receive(10.0)
                assert message is not None
                found.add(message.partition(b"\0")[0])
        assert found == topics


def test_heartbeats_are_answered_in_boxes(served: tuple[ServerSockets, KeyPair]) -> None:
    sockets, keys = served
    with zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
        dealer.linger = 0
        dealer.setsockopt(zmq.HEARTBEAT_IVL, 100)
        dealer.setsockopt(zmq.HEARTBEAT_TIMEOUT, 400)
        dealer.curve_serverkey = keys.server.encode()
        dealer.curve_publickey, dealer.curve_secretkey = keys.public.encode(), keys.secret.encode()
        monitor = dealer.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        dealer.connect(sockets.remote_endpoints[1])
        dealer.send(codec.encode_body({"id": 1, "op": "status"}))
        assert dealer.poll(10_000)
        assert not monitor.poll(1500)
        dealer.disable_monitor()
        monitor.close(linger=0)


def test_strangers_get_nothing(served: tuple[ServerSockets, KeyPair], tmp_path: Path) -> None:
    sockets, keys = served
    state, control = sockets.remote_endpoints
    unlisted = AllowList(tmp_path / "other").add("stranger", "operator")
    not_allowed = KeyPair(keys.server, unlisted.public, unlisted.secret)
    wrong_server = KeyPair(unlisted.server, keys.public, keys.secret)
    wrong_secret = KeyPair(keys.server, keys.public, unlisted.secret)

    def refusals(socket: str) -> int:
        return sum(o["count"] for o in sockets.offenders() if o["socket"] == socket)

    for pair in (not_allowed, wrong_server, wrong_secret, None):
        before = refusals("control")
        with Requester(control, timeout=0.1, keys=pair) as requester:
            while refusals("control") == before:
                with pytest.raises(BridgeError, match="no reply"):
                    requester.try_call("status")
        before = refusals("state")
        with Subscription(state, keys=pair) as subscription:
            until(lambda before=before: refusals("state") > before)  # type: ignore[misc]
            assert subscription.receive(0.3) is None  # the server sends three times
    assert {o["what"] for o in sockets.offenders()} >= {"refused", "mechanism"}
    assert asked(control, keys) == "operator"


def test_revoked_client_is_disconnected_within_two_seconds(
    served: tuple[ServerSockets, KeyPair], allowed: AllowList
) -> None:
    sockets, keys = served
    with Subscription(sockets.remote_endpoints[0], keys=keys, backlog=True) as subscription:
        assert subscription.receive(10.0) is not None
        watch = Stopwatch()
        AllowList(allowed.folder).revoke("laptop")
        until(lambda: any(o["what"] == "revoked" for o in sockets.offenders()))
        assert watch.elapsed() < 2.0
        while subscription.receive(0.5) is not None:
            pass
        assert subscription.receive(0.5) is None
    assert asked(sockets.remote_endpoints[1], keys, 1.5) == ""


def test_unreadable_list_allows_no_client(
    served: tuple[ServerSockets, KeyPair], allowed: AllowList
) -> None:
    sockets, keys = served
    assert asked(sockets.remote_endpoints[1], keys) == "operator"
    (allowed.folder / CLIENTS).write_bytes(b"[{")
    until(lambda: asked(sockets.remote_endpoints[1], keys, 1.0) == "")


def test_local_ports_need_a_token_as_before(served: tuple[ServerSockets, KeyPair]) -> None:
    sockets, keys = served
    assert sockets.control_endpoint not in sockets.remote_endpoints
    assert asked(sockets.control_endpoint, keys, 1.5) == ""


def test_nothing_is_bound_without_an_allowed_client(allowed: AllowList, tmp_path: Path) -> None:
    def fails(match: str) -> None:
        local = Sidecar(state_port=0, control_port=0)
        with pytest.raises(ConfigError, match=match) as caught:
            bind(local, (), {}, tmp_path / "run", PORTS, AllowList(allowed.folder))
        assert "sentio keys new" in caught.value.fix
        assert list((tmp_path / "run").iterdir()) == []

    fails("key of this sidecar")
    allowed.add("laptop", "listener")
    allowed.revoke("laptop")
    fails("no client is allowed")
    allowed.add("laptop", "listener")
    (allowed.folder / SERVER).write_text("nonsense")
    fails("key")


def test_keys_are_made_listed_and_revoked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTIO_CURVE_DIR", str(tmp_path / "curve"))
    monkeypatch.chdir(tmp_path)

    def cli(*arguments: str) -> str:
        result = CliRunner().invoke(application(), ["keys", *arguments])
        return f"{result.exit_code} {result.output}"

    assert cli("list").startswith("0 no client")
    assert cli("new", "laptop", "--role", "game", "--subject", "anna").startswith("0 laptop")
    path = tmp_path / "laptop.key.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    pair = load_keys(path)
    assert pair.server == AllowList().public()
    listed = cli("list")
    assert "game of anna" in listed
    assert pair.secret not in listed
    assert cli("new", "laptop").startswith("1")
    assert cli("new", "../x").startswith("1")
    assert cli("new", "tablet", "--role", "king").startswith("1")
    for file in (tmp_path / "curve").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert pair.secret.encode() not in file.read_bytes()
    assert cli("revoke", "laptop").startswith("0")
    assert cli("revoke", "laptop").startswith("1")


def test_environment_gives_the_keys_of_remote_endpoints_only(
    served: tuple[ServerSockets, KeyPair], tmp_path: Path
) -> None:
    from sentio_bridge.transport.client_keys import configured_keys

    _, keys = served
    path = tmp_path / "key.json"
    path.write_bytes(msgspec.json.encode(keys))
    environ = {"SENTIO_KEY_FILE": str(path)}
    assert configured_keys("tcp://192.168.1.5:28711", environ) == keys
    assert configured_keys("tcp://127.0.0.1:28701", environ) is None
    assert configured_keys("tcp://192.168.1.5:28711", {}) is None
