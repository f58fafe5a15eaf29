"""Freed memory goes back to the system, where the C library is glibc."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="not glibc")

CHILD = """
import sys
from pathlib import Path
from sentio_bridge.server.heap import bound_heaps

if sys.argv[1] == "bound":
    assert bound_heaps()

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 >> 20

before = resident()
bytearray(31 << 20)  # its end raises both thresholds of glibc, if they are not fixed
blocks = [bytearray(b"x") * (5 << 20) for _ in range(11)]
del blocks
print(resident() - before)
"""


def left(how: str) -> int:
    """Return the MB that stay after blocks of 31 and 55 MB were freed."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, how], capture_output=True, text=True, check=True, timeout=60
    )
    return int(done.stdout)


def test_freed_blocks_are_given_back() -> None:
    assert left("bound") < 10 < left("as glibc does it")
