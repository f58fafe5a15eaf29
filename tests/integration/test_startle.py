"""A simulated jump scare and a sigh of relief arrive as events of a real sidecar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .conftest import Sidecar

CONFIG = """
[consent]
camera = ["adapt"]
body = ["adapt"]
motion = ["adapt"]
[[source]]
type = "simulate"
scenario = "jump-scare"
start = {start}
roles = ["face", "ppg", "eda", "resp", "accel", "motion"]
"""


def shown(name: str) -> Callable[[dict[str, Any]], bool]:
    """Return whether a message is an expression of that name."""
    return lambda event: event["kind"] == "expression" and event["name"] == name


def test_a_jump_scare_is_an_event_with_its_signals(run: Callable[..., Sidecar]) -> None:
    sidecar = run(CONFIG.format(start=60.0))  # the first scare is at 65 s
    event = sidecar.until(b"event/", shown("startle"))
    data = event["data"]
    assert 0.5 <= data["probability"] <= 1.0
    assert 0.0 < data["strength"] <= 1.0
    assert "face" in data["sources"]
    assert 0.0 < data["found"] - event["time"] < 2.0


def test_withdrawn_movement_and_camera_startle_no_more(run: Callable[..., Sidecar]) -> None:
    sidecar = run(CONFIG.format(start=60.0))
    sidecar.until(b"event/", shown("startle"))
    for sensor in ("camera", "motion"):
        assert sidecar.request("consent", action="withdraw", sensor=sensor)["ok"]
    detail = sidecar.until(b"detail/", lambda d: d["sensors"]["motion"]["state"] == "withdrawn")
    assert "movement" not in detail["modalities"]
