"""Tests that the architecture page names existing files and functions."""

from __future__ import annotations

import importlib
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from sentio_bridge.config.loader import Sidecar as Ports
from sentio_bridge.config.loader import parse
from sentio_bridge.server.sidecar import Sidecar
from sentio_bridge.transport.ports import bind
from sentio_sensors import MonotonicClock

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| .+ \| `([\w/]+\.py)` \| `([\w.]+)` \|$", re.MULTILINE)
MOST_FILES = 25
DEADLINE = 60.0

EEG = """
[consent]
eeg = ["adapt"]
[[source]]
type = "simulate"
roles = ["eeg"]
"""


def hops(heading: str) -> list[tuple[str, str]]:
    """Return file and function of each row below a heading."""
    _, _, rest = PAGE.partition(f"## {heading}\n")
    return ROW.findall(rest.partition("\n## ")[0])


CHUNK = hops("From a chunk to the wire")
INPUT = hops("Samples that an engine sends")
TABLES = (CHUNK, INPUT, hops("A control request"), hops("Record and replay"))


@pytest.mark.parametrize(("file", "function"), [row for table in TABLES for row in table])
def test_each_named_function_is_in_its_file(file: str, function: str) -> None:
    package, _, path = file.partition("/")
    assert package in ("bridge", "sensors", "models")
    found: Any = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    for name in function.split("."):
        found = getattr(found, name)
    assert Path(found.__code__.co_filename) == ROOT / file


def test_a_chunk_passes_few_files() -> None:
    assert all(len(table) >= 5 for table in TABLES)
    assert len({file for file, _ in CHUNK}) <= MOST_FILES


class Follower:
    """Record of the calls of the page's functions, from source to wire."""

    def __init__(self) -> None:
        self.passed = threading.Event()
        self._wanted = {(str(ROOT / file), function) for file, function in CHUNK}
        self._calls = threading.local()

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        call = code.co_filename, code.co_qualname
        if event != "call" or call not in self._wanted:
            return
        if call[1] == CHUNK[0][1]:
            self._calls.made = []
        made = getattr(self._calls, "made", None)
        if made is not None:
            made.append(call[1])
            if call[1] == CHUNK[-1][1] and in_order([name for _, name in CHUNK], iter(made)):
                self.passed.set()


def in_order(names: list[str], calls: Iterator[str]) -> bool:
    return all(any(call == name for call in calls) for name in names)


def test_a_chunk_of_a_running_sidecar_passes_the_hops_in_this_order() -> None:
    follower, stop = Follower(), threading.Event()
    sockets = bind(Ports(state_port=0, control_port=0))
    before = threading.getprofile()
    threading.setprofile(follower)
    try:
        sidecar = Sidecar(parse(EEG), MonotonicClock(), sockets)
        thread = threading.Thread(target=sidecar.run, args=(stop,))
        thread.start()
        began = time.monotonic()
        passed = follower.passed.wait(DEADLINE)
        stop.set()
        sidecar.wake()
        thread.join(DEADLINE)
    finally:
        threading.setprofile(before)
    assert passed, f"no chunk passed all hops within {time.monotonic() - began:.0f} s"
