"""Peers that do not announce ZMTP 3, such as browsers, cannot send requests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from . import old_peers
from .conftest import Sidecar
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


@pytest.fixture(params=["", "open sesame"], ids=["no_token", "token"])
def sidecar(request: pytest.FixtureRequest, run: Callable[..., Sidecar], tmp_path: Path) -> Sidecar:
    """Start a sidecar that may record to ``tmp_path / "recordings"``."""
    token = f'[sidecar]\ntoken = "{request.param}"\n' if request.param else ""
    config = CONFIG.format(folder=tmp_path / "recordings") + token
    started = run(config, token=request.param or None)
    started.until(b"health", lambda _: True)
    return started


def check_unchanged(sidecar: Sidecar, tmp_path: Path) -> None:
    """Check that nothing was recorded, and that a client is served."""
    recording = sidecar.request("record", action="status")["recording"]
    assert (recording["active"], recording["folder"]) == (False, "")
    assert not list(tmp_path.rglob(FOLDER))
    assert not (tmp_path / "recordings").exists()
    assert len(sidecar.frames(1)) == 1


@pytest.mark.parametrize(
    "paddings",
    [old_peers.PADDINGS[::14], pytest.param(old_peers.PADDINGS, marks=pytest.mark.slow)],
    ids=["some", "all"],
)
def test_post_of_a_browser_is_not_executed(
    sidecar: Sidecar, tmp_path: Path, paddings: range
) -> None:
    check_unchanged(sidecar, tmp_path)
    for padding in paddings:
        for port in sidecar.ports:
            assert OPENING.startswith(answer(port, post(padding, port)))
        if padding % 20 == 0:
            assert sidecar.request("hello")["name"] == "sentio"
    check_unchanged(sidecar, tmp_path)


@pytest.mark.parametrize("peer", ["ZMTP_1_0", "ZMTP_1_0_SIGNED", "ZMTP_2_0"])
def test_old_peer_is_disconnected(sidecar: Sidecar, tmp_path: Path, peer: str) -> None:
    for port in sidecar.ports:
        received = answer(port, getattr(old_peers, peer))
        assert OPENING.startswith(received)
    check_unchanged(sidecar, tmp_path)


def test_same_request_of_a_client_is_executed(sidecar: Sidecar, tmp_path: Path) -> None:
    reply = sidecar.request("record", action="start", folder=FOLDER, raw=["body"])
    assert reply["recording"]["active"]
    assert (tmp_path / "recordings" / FOLDER).is_dir()
