"""Six busy processes beside a sidecar of low priority, as when a game loads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import Sidecar

BUSY = "import sys, time\nend = time.monotonic() + float(sys.argv[1])\n"
BUSY += "while time.monotonic() < end: pass\n"

MODALITIES = {"voice", "body", "eeg"}


def prioritise(sidecar: Sidecar, nice: int) -> None:
    """Set the priority of every thread."""
    for thread in Path(f"/proc/{sidecar.process.pid}/task").iterdir():
        os.setpriority(os.PRIO_PROCESS, int(thread.name), nice)


def is_back(modality: dict[str, Any]) -> bool:
    """Return whether a modality works as before: a silent person is no trouble."""
    troubled = modality["state"] in ("warming", "stale", "gap", "error", "absent")
    return not troubled and "wrong_rate" not in modality["reasons"]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="raises a priority again: Linux, root"
)
def test_every_modality_comes_back(run: Callable[..., Sidecar]) -> None:
    sidecar = run()
    sidecar.until(
        b"detail/",
        lambda d: {n for n, m in d["modalities"].items() if m["state"] == "ok"} >= MODALITIES,
    )
    prioritise(sidecar, 19)
    busy = [subprocess.Popen([sys.executable, "-c", BUSY, "35"]) for _ in range(6)]
    for process in busy:
        process.wait()
    prioritise(sidecar, 0)  # other programs of a machine that is never idle
    # The goal of 5 s is measured by row 36 of the fault campaign.
    sidecar.until(b"detail/", lambda d: all(is_back(d["modalities"][n]) for n in MODALITIES))
    sidecar.until(
        b"detail/",
        lambda d: {n for n, m in d["modalities"].items() if m["state"] == "ok"} >= MODALITIES,
    )
    states = sidecar.request("status")["health"]["models"]
    assert {
        name: m["state"] for name, m in states.items() if m["state"] not in ("ok", "slowed")
    } == {}
    health = sidecar.until(
        b"health", lambda h: all(m["state"] == "ok" for m in h["models"].values())
    )
    assert health["problems"] == []
