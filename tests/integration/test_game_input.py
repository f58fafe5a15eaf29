"""Tests of input statistics from an engine, with and without consent."""

from __future__ import annotations

import time
from collections.abc import Callable

from .conftest import DEADLINE, Sidecar

CONFIG = """
[consent]
input = ["adapt"]
[[source]]
type = "simulate"
roles = ["eda"]
"""


def test_statistics_become_the_modality_game(run: Callable[..., Sidecar]) -> None:
    sidecar = run(CONFIG)
    began = time.monotonic()
    state = ""
    while state != "ok" and time.monotonic() - began < DEADLINE:
        reply = sidecar.request(
            "input", stream="game", role="input", channels=["keys", "errors", "idle"],
            values=[2.0, 1.0, 0.0], rate_hz=2.0,
        )  # fmt: skip
        assert reply["accepted"]
        detail = sidecar.until(b"detail/", lambda d: "game" in d["modalities"])
        state = detail["modalities"]["game"]["state"]
        time.sleep(0.4)
    assert state == "ok"
    values = sidecar.until(b"detail/", lambda d: "frustration" in d["values"])["values"]
    assert values["frustration"] > values["boredom"]
    assert sidecar.request("consent", action="withdraw", sensor="input")["ok"]
    sidecar.until(b"detail/", lambda d: d["modalities"]["game"]["state"] == "withdrawn")
