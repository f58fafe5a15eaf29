"""Tests that the architecture page names existing files and functions."""

from __future__ import annotations

import importlib
import re
import threading
import time
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from sentio_bridge.cli import log_setup
from sentio_bridge.config.loader import Sidecar as Ports
from sentio_bridge.config.loader import parse
from sentio_bridge.pipeline import estimator_pipeline, jobs, serial_queue, text_worker
from sentio_bridge.privacy import audit_writer
from sentio_bridge.server.sidecar import Sidecar
from sentio_bridge.transport.limits import Limits
from sentio_bridge.transport.ports import bind
from sentio_recording import recorder
from sentio_sensors import MonotonicClock

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| .+ \| `([\w/]+\.py)` \| `([\w.]+)` \|$", re.MULTILINE)
THREAD = re.compile(r"`(sentio-[\w-]+)`")
STARTED = re.compile(r'(?:name=|name: str = |_watch\(|defects, )f?"(sentio-[\w{}._-]+)"')
NAME = re.compile(r"`(\w+)`")
OTHERS = re.findall(r"^\| (`sentio_\w+`) \| (.* > .*) \|$", PAGE, re.MULTILINE)
DEVICES = ROOT / "sensors/sentio_sensors"
KINDS_OF_DEVICE = [f"`{file.parent.name}`" for file in DEVICES.glob("*/kind.py")]
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
LSL = [(file, name) for name, file in re.findall(r"`([\w.]+)` in `(sensors/[\w/]+\.py)`", PAGE)]
TABLES = (CHUNK, INPUT, hops("A control request"), hops("Record and replay"))


@pytest.mark.parametrize(("file", "function"), [row for table in (*TABLES, LSL) for row in table])
def test_each_named_function_is_in_its_file(file: str, function: str) -> None:
    package, _, path = file.partition("/")
    assert package in ("bridge", "sensors", "models")
    found: Any = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    for name in function.split("."):
        found = getattr(found, name)
    assert Path(found.__code__.co_filename) == ROOT / file


def test_a_chunk_passes_few_files() -> None:
    assert all(len(table) >= 5 for table in TABLES)
    files = [file for file, _ in CHUNK]
    *from_lsl, _stamps = (file for file, _ in LSL)
    assert len(set(files)) <= MOST_FILES
    assert len({*from_lsl, *files[1:]}) <= MOST_FILES


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


def cells(heading: str, first: str) -> list[list[str]]:
    """Return the rows of the table below a heading whose header begins with ``first``."""
    _, _, rest = PAGE.partition(f"## {heading}\n")
    lines = rest.partition("\n## ")[0].splitlines()
    start = next(i for i, text in enumerate(lines) if text.startswith(f"| {first} |"))
    rows = []
    for text in lines[start + 2 :]:
        if not text.startswith("|"):
            break
        rows.append([cell.strip() for cell in text.strip("|").split("|")])
    return rows


def layers(package: str) -> list[set[str]]:
    """Return the layers of a package that import-linter holds, from the top."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (
        each
        for each in project["tool"]["importlinter"]["contracts"]
        if each.get("containers") == [package]
    )
    return [set(re.split(r" [|:] ", layer)) for layer in contract["layers"]]


def test_the_layers_are_those_that_make_check_holds() -> None:
    of_bridge = [set(NAME.findall(row[0])) for row in cells("Packages and layers", "folder")]
    assert set().union(*of_bridge) == set().union(*layers("sentio_bridge"))
    order = {name: number for number, row in enumerate(of_bridge) for name in row}
    for upper, lower in pairwise(layers("sentio_bridge")):
        assert max(order[name] for name in upper) <= min(order[name] for name in lower)
    others = {NAME.findall(package)[0]: listed for package, listed in OTHERS}
    assert len(others) == 4
    for package, listed in others.items():
        listed = listed.replace("one folder a kind of device", " ".join(KINDS_OF_DEVICE))
        assert [set(NAME.findall(layer)) for layer in listed.split(" > ")] == layers(package)


def test_the_threads_are_those_that_the_packages_start() -> None:
    named = {
        name for row in cells("Threads and queues", "thread") for name in THREAD.findall(row[0])
    }
    started: set[str] = set()
    for package in ("bridge/sentio_bridge", "sensors", "models/sentio_models"):
        for file in (ROOT / package).rglob("*.py"):
            started |= set(STARTED.findall(file.read_text(encoding="utf-8")))
    assert {re.sub(r"\{[^}]*\}", "*", name) for name in started} == {
        re.sub(r"\b[A-Z]+\b", "*", name) for name in named
    }


def test_the_bounds_of_the_queues_are_those_of_the_code() -> None:
    rows = {row[0]: row[1] for row in cells("Threads and queues", "queue")}
    limits = Limits()
    assert rows == {
        "inputs of an estimator": f"{estimator_pipeline.WAIT:g} s of samples, "
        f"{estimator_pipeline.INPUTS} inputs, {estimator_pipeline.PICTURES >> 20} MiB of "
        "pictures; one picture of a model that needs the newest",
        "hub queue": f"{serial_queue.LIMIT} commands",
        "lines of text": str(text_worker.WAITING_LINES),
        "jobs": str(jobs.WAITING),
        "receipts": str(jobs.WAITING),
        "audit": f"{audit_writer.WAITING} lines",
        "recorder": f"{recorder.QUEUE_BYTES >> 20} MiB, {recorder.QUEUE_ITEMS} items",
        "state socket": f"{limits.state.queue} messages or {limits.state.queue_bytes >> 21} MiB a "
        f"subscriber, with events {limits.state.queue_bytes >> 20} MiB",
        "requests": str(limits.waiting),
        "log": f"{log_setup.WAITING} records",
    }
