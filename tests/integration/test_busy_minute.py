"""Six busy processes beside a sidecar of low priority, as when a game loads."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Sidecar

BUSY = "import time\nend = time.monotonic() + float(__import__('sys').argv[1])\n"
BUSY += "while time.monotonic() < end: pass\n"

MODALITIES = {"voice", "body", "eeg"}


def prioritise(sidecar: Sidecar, nice: int) -> None:
    """Set the priority of every thread."""
    for thread in Path(f"/proc/{sidecar.process.pid}/task").iterdir():
        os.setpriority(os.PRIO_PROCESS, int(thread.name), nice)


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
    end = time.monotonic()
    sidecar.until(
        b"detail/",
        lambda d: {n for n, m in d["modalities"].items() if m["state"] == "ok"} >= MODALITIES,
    )
    # The goal is 5 s; 7.6 s were measured on a loaded machine, because windows refill after gaps.
    assert time.monotonic() - end < 15.0
    states = sidecar.request("status")["health"]["models"]
    assert {
        name: m["state"] for name, m in states.items() if m["state"] not in ("ok", "slowed")
    } == {}
    health = sidecar.until(
        b"health", lambda h: all(m["state"] == "ok" for m in h["models"].values())
    )
    assert health["problems"] == []
