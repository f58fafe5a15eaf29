"""Limits for a test that hangs and for a run; end what they have started.

pytest-timeout ends a test by a signal, which Python handles only between two of its own
instructions: a test that hangs in native code goes on. Such a worker is ended here, and xdist
replaces it. ``--run-limit`` ends a run of which no part goes on.
"""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from collections.abc import Generator
from contextlib import suppress
from typing import Any

import psutil
import pytest

GRACE = 30.0
"""Seconds after a test's own limit until its process is ended: the teardown's time."""

STDERR = pytest.StashKey[int]()
"""File descriptor of the standard error that no test captures."""

RUN, WORKER = "PYTEST_XDIST_TESTRUNUID", "PYTEST_XDIST_WORKER"
"""Variables that the processes of a worker's tests inherit."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the limit of a run."""
    parser.addoption("--run-limit", type=float, help="seconds after which the whole run is ended")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the standard error, and watch the run from its first process."""
    config.stash[STDERR] = os.dup(2)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Run(config), "sentio-run")


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """End the process of a test that hangs after its limit, with all stacks."""
    mark = item.get_closest_marker("timeout")
    limit = float(mark.args[0] if mark and mark.args else item.config.getini("timeout") or 0)
    if not limit:
        return (yield)
    stderr = item.config.stash[STDERR]
    faulthandler.dump_traceback_later(limit + GRACE, exit=True, file=stderr)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


class Run:
    """Watch over one run of the tests.

    Args:
        config: Has the limit and the standard error.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._limit: float | None = config.getoption("--run-limit")
        self._stderr = config.stash[STDERR]
        self._started: dict[str, float] = {}
        self._ended = threading.Event()

    def pytest_sessionstart(self) -> None:
        """Start the clock."""
        if self._limit:
            threading.Thread(target=self._watch, name="run-limit", daemon=True).start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note a test that starts, in this process or in a worker."""
        self._started[nodeid] = time.monotonic()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Forget a test that has ended."""
        self._started.pop(nodeid, None)

    def pytest_sessionfinish(self) -> None:
        """Stop the clock."""
        self._ended.set()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """End the processes that a worker has left behind."""
        if error:
            end(started_by({RUN: node.workerinput["testrunuid"], WORKER: node.gateway.id}))

    def _watch(self) -> None:
        if self._ended.wait(self._limit):
            return
        now = time.monotonic()
        running = [f"  {name} ({now - at:.0f} s)" for name, at in dict(self._started).items()]
        lines = [
            f"the run was ended after {self._limit:g} s; running:",
            *(running or ["  no test"]),
        ]
        os.write(self._stderr, ("\n" + "\n".join(lines) + "\n").encode())
        end(psutil.Process().children(recursive=True))
        os._exit(1)


def started_by(variables: dict[str, str]) -> list[psutil.Process]:
    """Return the processes that were started with these environment variables."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().items() >= variables.items():
                found.append(process)
    return found


def end(processes: list[psutil.Process]) -> None:
    """Kill processes, those that have ended excepted."""
    for process in processes:
        with suppress(psutil.Error):
            process.kill()
