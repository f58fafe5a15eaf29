"""Test of replies to a client on another machine: what is known needs ``share``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ports import free_port

from sentio_bridge.client import Requester
from sentio_bridge.transport.allow_list import AllowList

from .conftest import DEADLINE, Sidecar

pytest.importorskip("nacl")

CONFIG = """
[remote]
host = "127.0.0.1"
state_port = {state}
control_port = {control}
[privacy]
folder = "{folder}/state"
[consent]
body = ["adapt"]
[[source]]
type = "simulate"
roles = ["ppg", "eda"]
"""


def test_replies_follow_consent_to_share(run: Callable[..., Sidecar], tmp_path: Path) -> None:
    keys = AllowList(tmp_path / "curve").add("laptop", "operator")
    ports = {"state": free_port(), "control": free_port()}
    config = CONFIG.format(**ports, folder=tmp_path.as_posix())
    sidecar = run(config, SENTIO_CURVE_DIR=str(tmp_path / "curve"))
    there = f"tcp://127.0.0.1:{ports['control']}"
    with Requester(there, timeout=DEADLINE, keys=keys) as remote:
        reply = remote.try_call("status")
        assert reply["ok"]
        assert "health" in reply
        assert "detail" not in reply
        assert remote.try_call("profile", action="list")["error"]["code"] == "refused"
        assert "detail" in sidecar.request("status")  # on this machine
        purposes = ["adapt", "share"]
        granted = remote.try_call("consent", action="grant", sensor="body", purposes=purposes)
        assert granted["consent"]["body"] == purposes
        assert "detail" in remote.try_call("status")
        assert remote.try_call("profile", action="list")["ok"]
        remote.call("consent", action="withdraw", sensor="body", purposes=["share"])
        assert "detail" not in remote.try_call("status")
