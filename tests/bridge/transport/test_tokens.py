"""Tests of token files: found by the same user only."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from sentio_bridge.config.loader import ClientToken, Sidecar
from sentio_bridge.errors import BridgeError, ConfigError, PortTakenError
from sentio_bridge.protocol.roles import Role
from sentio_bridge.transport import tokens
from sentio_bridge.transport.client import Requester, Subscription
from sentio_bridge.transport.ports import bind
from sentio_bridge.transport.tokens import TokenFiles, find, folder

FREE = Sidecar(state_port=0, control_port=0)
ENDPOINT = "tcp://127.0.0.1:28701"

posix = pytest.mark.skipif(sys.platform == "win32", reason="folders are private there")


def test_token_is_found_by_port_and_removed_at_the_end(tmp_path: Path) -> None:
    where = tmp_path / "run"
    files = TokenFiles([28700, 28701], "a token", where)
    assert find("tcp://127.0.0.1:28700", where) == "a token"
    assert find("tcp://localhost:28701", where) == "a token"
    assert find("tcp://127.0.0.1:28702", where) == ""
    assert find("tcp://192.168.0.2:28700", where) == ""  # no other machine gets a token
    assert find("ipc://here", where) == ""
    files.remove()
    assert list(where.iterdir()) == []


def test_file_of_a_later_sidecar_is_kept(tmp_path: Path) -> None:
    first = TokenFiles([1], "first", tmp_path / "run")
    second = TokenFiles([1], "second", tmp_path / "run")
    first.remove()
    assert find("tcp://127.0.0.1:1", tmp_path / "run") == "second"
    second.remove()


@posix
def test_folder_and_files_are_private_from_the_start(tmp_path: Path) -> None:
    where = tmp_path / "run"
    where.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        TokenFiles([1], "a token", where)
    finally:
        os.umask(before)
    assert stat.S_IMODE(where.stat().st_mode) == 0o700
    assert stat.S_IMODE((where / "1.token").stat().st_mode) == 0o600


@posix
def test_file_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    TokenFiles([1], "a token", tmp_path)
    (tmp_path / "1.token").chmod(0o644)
    assert find("tcp://127.0.0.1:1", tmp_path) == ""


@posix
def test_link_to_another_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(BridgeError, match="not a folder of this user"):
        TokenFiles([1], "a token", tmp_path / "link")
    assert list((tmp_path / "real").iterdir()) == []


def test_folder_that_cannot_be_made_is_an_error_with_a_fix(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BridgeError, match="SENTIO_RUNTIME_DIR"):
        TokenFiles([1], "a token", tmp_path / "file" / "run")


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"XDG_RUNTIME_DIR": "/run/user/7", "HOME": "/home/a"}, "linux", "/run/user/7/sentio"),
        ({"HOME": "/home/a"}, "linux", "/home/a/.cache/sentio/run"),
        ({"HOME": "/Users/a"}, "darwin", "/Users/a/Library/Application Support/sentio/run"),
        ({"LOCALAPPDATA": "/c/Local", "USERPROFILE": "/c"}, "win32", "/c/Local/sentio/run"),
        ({"USERPROFILE": "/c"}, "win32", "/c/AppData/Local/sentio/run"),
        ({"SENTIO_RUNTIME_DIR": "/x", "HOME": "/home/a"}, "linux", "/x"),
    ],
)
def test_folder_of_each_platform(environ: dict[str, str], platform: str, expected: str) -> None:
    assert folder(environ, platform) == Path(expected)


def test_bind_makes_a_token_that_clients_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tokens.FOLDER_VARIABLE, str(tmp_path))
    with bind(FREE) as sockets:
        token = find(sockets.control_endpoint)
        assert len(token) >= 43
        grant = sockets.access.grant(token)
        assert grant is not None
        assert grant.role is Role.OPERATOR
        assert sockets.access.grant("") is None
        with Subscription(sockets.state_endpoint, [b"event"]) as sub:
            while not sockets.new_subscriptions():
                sockets.wait(1.0)
            sockets.publish(b"event\0x")
            assert sub.receive(10.0) == b"event\0x"
        with bind(FREE) as other:
            assert find(other.control_endpoint) not in ("", token)
    assert list(tmp_path.iterdir()) == []


def test_client_finds_the_token_of_a_sidecar_that_restarted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tokens.FOLDER_VARIABLE, str(tmp_path))
    first = bind(FREE)
    ports = [int(e.rsplit(":", 1)[1]) for e in (first.state_endpoint, first.control_endpoint)]
    with Subscription(first.state_endpoint, [b"event"]) as sub:
        while not first.new_subscriptions():
            first.wait(1.0)
        first.close()
        assert sub.receive(0.1) is None
        with bind(Sidecar(state_port=ports[0], control_port=ports[1])) as second:
            for _ in range(100):
                second.wait(0.1)
                sub.receive(0.01)
                if second.new_subscriptions():
                    break
            second.publish(b"event\0x")
            assert sub.receive(10.0) == b"event\0x"


def test_configured_token_writes_no_file(tmp_path: Path) -> None:
    settings = Sidecar(state_port=0, control_port=0, token="chosen")
    with bind(settings, folder=tmp_path) as sockets:
        assert list(tmp_path.iterdir()) == []
        grant = sockets.access.grant("chosen")
        assert grant is not None
        assert grant.role is Role.OPERATOR
        assert "configuration" in sockets.access.fix


def test_launcher_gives_a_game_its_own_token(tmp_path: Path) -> None:
    environ = {tokens.VARIABLE: "0123456789abcdef"}
    settings = Sidecar(state_port=0, control_port=0, game_may=["record"])
    with bind(settings, environ=environ, folder=tmp_path) as sockets:
        grant = sockets.access.grant("0123456789abcdef")
        assert grant is not None
        assert (grant.role, grant.started, grant.more) == (Role.GAME, True, {"record"})
    assert environ == {}  # no child process inherits it


def test_further_tokens_have_their_roles(tmp_path: Path) -> None:
    clients = [
        ClientToken(token="l" * 16),
        ClientToken(token="g" * 16, role="game", subjects=["ana"]),
    ]
    with bind(FREE, clients, folder=tmp_path) as sockets:
        listener, game = (sockets.access.grant(c * 16) for c in "lg")
        assert listener is not None
        assert game is not None
        assert (listener.role, game.role) == (Role.LISTENER, Role.GAME)
        assert (game.subjects, game.started) == ({"ana"}, False)


@pytest.mark.parametrize("token", ["", "short", "ä" * 20])
def test_weak_token_is_refused(tmp_path: Path, token: str) -> None:
    with pytest.raises(ConfigError, match="at least 16"):
        bind(FREE, [ClientToken(token=token)], folder=tmp_path)
    if token:
        with pytest.raises(ConfigError, match="SENTIO_TOKEN"):
            bind(FREE, environ={tokens.VARIABLE: token}, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_taken_port_leaves_the_other_sidecars_token(tmp_path: Path) -> None:
    with bind(FREE, folder=tmp_path) as sockets:
        state = int(sockets.state_endpoint.rsplit(":", 1)[1])
        token = find(sockets.state_endpoint, tmp_path)
        with pytest.raises(PortTakenError):
            bind(Sidecar(state_port=state, control_port=0), folder=tmp_path)
        assert find(sockets.state_endpoint, tmp_path) == token != ""


def test_client_uses_the_variable_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tokens.FOLDER_VARIABLE, str(tmp_path))
    environ = {tokens.VARIABLE: "0123456789abcdef"}
    with bind(FREE, environ=environ) as sockets:
        monkeypatch.setenv(tokens.VARIABLE, "0123456789abcdef")
        with Requester(sockets.control_endpoint, timeout=0.2) as requester:
            with pytest.raises(BridgeError, match="no reply"):
                requester.try_call("hello")
            found = []
            while not found:
                sockets.wait(1.0)
                found = list(sockets.requests())
        assert found[0].client.grant.role is Role.GAME
