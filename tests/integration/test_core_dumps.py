"""A crash of a sidecar writes nothing of a person to the disk."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Sidecar

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_a_sidecar_has_no_core_dump_and_no_memory_in_one(run: Callable[..., Sidecar]) -> None:
    sidecar = run()
    sidecar.frames(1)  # sensors are open
    process = Path("/proc") / str(sidecar.process.pid)
    limits = (process / "limits").read_text().splitlines()
    core = next(line for line in limits if line.startswith("Max core file size"))
    assert core.split()[4] == "0"
    assert int((process / "coredump_filter").read_text(), 16) == 0
