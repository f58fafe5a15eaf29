"""`devices` and `shutdown` of a running sidecar, by client and by command."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sentio_bridge.cli.app import application
from sentio_bridge.client import Requester
from sentio_recording.recording import Recording

from .conftest import DEADLINE, Sidecar

Run = Callable[..., Sidecar]

ONE = """
[consent]
body = ["adapt", "record"]
[recording]
folder = '{folder}'
[[source]]
type = "simulate"
roles = ["ppg", "eda"]
"""


def test_shutdown_ends_the_sidecar_and_completes_its_recording(run: Run, tmp_path: Path) -> None:
    sidecar = run(ONE.format(folder=tmp_path))
    sidecar.until(b"health", lambda h: h["frames"] > 10)
    assert sidecar.request("record", action="start", folder="one")["recording"]["active"]
    sidecar.until(b"detail/", lambda d: d["recording"]["seconds"] > 0.5)
    with Requester(sidecar.control, timeout=DEADLINE) as requester:
        before = time.monotonic()
        requester.shutdown("the test ends")
        assert sidecar.process.wait(DEADLINE) == 0
        took = time.monotonic() - before
    assert took < 10.0
    with Recording(tmp_path / "one") as recording:
        assert recording.manifest is not None
        assert recording.manifest.ending is not None


def test_devices_are_listed_while_frames_go_on(run: Run) -> None:
    sidecar = run(ONE.format(folder="."))
    sidecar.until(b"health", lambda h: h["frames"] > 10)
    with Requester(sidecar.control, timeout=DEADLINE) as requester:
        devices = requester.devices(seconds=0.5)
    assert "synthetic" in {device["name"] for device in devices if device["type"] == "brainflow"}
    frames = sidecar.frames(20)
    assert max(b.sent - a.sent for a, b in zip(frames, frames[1:], strict=False)) < 1.0


@pytest.mark.parametrize("command", ["status", "shutdown"])
def test_commands_reach_a_running_sidecar(run: Run, command: str) -> None:
    sidecar = run(ONE.format(folder="."))
    sidecar.until(b"health", lambda h: h["frames"] > 10)
    result = CliRunner().invoke(application(), [command, "--endpoint", sidecar.control])
    assert result.exit_code == 0, result.output
    if command == "shutdown":
        assert "has ended" in result.output
        assert sidecar.process.wait(DEADLINE) == 0
    else:
        assert "frames/s" in result.output
        assert "body: on" in result.output


def test_commands_without_a_sidecar_fail_with_a_fix() -> None:
    result = CliRunner().invoke(application(), ["shutdown", "--endpoint", "tcp://127.0.0.1:9"])
    assert result.exit_code == 1
    assert "sentio run" in result.output
