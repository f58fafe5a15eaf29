"""Freed memory goes back to the system, where the C library is glibc."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="not glibc")

CHILD = """
import sys, threading, time
from pathlib import Path
from sentio_bridge.server.heap import bound_heaps, give_back

if sys.argv[1] == "bound":
    assert bound_heaps()

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 >> 20

if sys.argv[1] == "holes":
    blocks = [bytearray(b"x") * 20_000 for _ in range(2000)]
    before = resident()
    del blocks[0 : 2000 - 1]  # the last block keeps all pages below it
    stop = threading.Event()
    thread = give_back(stop, 0.05)
    for _ in range(400):
        if resident() < before - 30:
            break
        time.sleep(0.05)
    stop.set()
    thread.join()
    print(before - resident())
    sys.exit()

before = resident()
bytearray(31 << 20)  # its end raises both thresholds of glibc, if they are not fixed
blocks = [bytearray(b"x") * (5 << 20) for _ in range(11)]
del blocks
print(resident() - before)
"""


def child(how: str) -> int:
    """Return the MB that a process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, how], capture_output=True, text=True, check=True, timeout=60
    )
    return int(done.stdout)


def test_freed_blocks_are_given_back() -> None:
    """Blocks of 31 and 55 MB stay with glibc's own thresholds."""
    assert child("bound") < 10 < child("as glibc does it")


def test_free_pages_below_a_block_in_use_are_given_back() -> None:
    assert child("holes") >= 30
