"""Peers that do not announce ZMTP 3, such as browsers, cannot send requests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import old_peers
from .conftest import Sidecar, sidecars
from .old_peers import FOLDER, OPENING, answer, post

CONFIG = """
[consent]
body = ["adapt", "record", "record_raw"]
[recording]
folder = "{folder}"
[[source]]
type = "simulate"
roles = ["ppg"]
"""


@pytest.fixture(scope="module", params=["", "open sesame"], ids=["no_token", "token"])
def sidecar(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Sidecar, Path]]:
    """Start a sidecar that may record; yield it and the folder for its recordings."""
    folder = tmp_path_factory.mktemp("old_peers")
    token = f'[sidecar]\ntoken = "{request.param}"\n' if request.param else ""
    config = CONFIG.format(folder=folder / "recordings") + token
    with sidecars(folder) as start:
        started = start(config, token=request.param or None)
        started.until(b"health", lambda _: True)
        yield started, folder


def check_unchanged(sidecar: Sidecar, folder: Path) -> None:
    """Check that nothing was recorded, and that a client is served."""
    recording = sidecar.request("record", action="status")["recording"]
    assert (recording["active"], recording["folder"]) == (False, "")
    assert not list(folder.rglob(FOLDER))
    assert not (folder / "recordings").exists()
    assert len(sidecar.frames(1)) == 1


@pytest.mark.parametrize(
    "paddings",
    [
        old_peers.PADDINGS[::28],
        pytest.param(old_peers.PADDINGS[::4], marks=pytest.mark.slow),
        pytest.param(old_peers.PADDINGS, marks=pytest.mark.figure),
    ],
    ids=["some", "more", "all"],
)
def test_post_of_a_browser_is_not_executed(sidecar: tuple[Sidecar, Path], paddings: range) -> None:
    started, folder = sidecar
    check_unchanged(started, folder)
    for padding in paddings:
        for port in started.ports:
            assert OPENING.startswith(answer(port, post(padding, port)))
        if padding % 20 == 0:
            assert started.request("hello")["name"] == "sentio"
    check_unchanged(started, folder)


@pytest.mark.parametrize("peer", ["ZMTP_1_0", "ZMTP_1_0_SIGNED", "ZMTP_2_0"])
def test_old_peer_is_disconnected(sidecar: tuple[Sidecar, Path], peer: str) -> None:
    started, folder = sidecar
    for port in started.ports:
        received = answer(port, getattr(old_peers, peer))
        assert OPENING.startswith(received)
    check_unchanged(started, folder)


def test_same_request_of_a_client_is_executed(sidecar: tuple[Sidecar, Path]) -> None:
    started, folder = sidecar
    reply = started.request("record", action="start", folder=FOLDER, raw=["body"])
    assert reply["recording"]["active"]
    assert (folder / "recordings" / FOLDER).is_dir()
    assert not started.request("record", action="stop")["recording"]["active"]
    shutil.rmtree(folder / "recordings")
