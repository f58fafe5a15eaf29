"""A worker that crashes fails one test; the run goes on and ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.distribution import ByFile

ROOT = Path(__file__).parent.parent

PLUGIN = """
from tests.distribution import ByFile

def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return ByFile(config, log)
"""


class Worker:
    """A worker as the distribution uses it, without a process."""

    def __init__(self) -> None:
        self.gateway = SimpleNamespace(id="gw")
        self.received: list[int] = []
        self.shutting_down = False
        self.ended = False

    def send_runtest_some(self, indices: list[int]) -> None:
        if self.ended:
            raise OSError("cannot send (already closed?)")
        self.received += indices

    def shutdown(self) -> None:
        self.shutting_down = True


def distribute(tests: list[str]) -> tuple[ByFile, list[Worker]]:
    """Give tests to two workers."""
    config = SimpleNamespace(
        getvalue=lambda _: ["popen", "popen"], option=SimpleNamespace(loadscopereorder=False)
    )
    distribution = ByFile(config)
    workers = [Worker(), Worker()]
    for worker in workers:
        distribution.add_node(worker)
        distribution.add_node_collection(worker, tests)
    distribution.schedule()
    return distribution, workers


def test_a_worker_that_replaces_another_may_start_its_only_test() -> None:
    tests = ["a.py::1", "a.py::2", "a.py::3", "b.py::1", "b.py::2", "b.py::3"]
    distribution, (first, second) = distribute(tests)
    assert (first.received, second.received) == ([0, 1, 2], [3, 4, 5])
    for index in first.received:
        distribution.mark_test_complete(first, index)
    distribution.mark_test_complete(second, 3)
    assert distribution.remove_node(second) == "b.py::2"
    third = Worker()
    distribution.add_node(third)
    distribution.add_node_collection(third, tests)
    distribution.schedule()
    assert third.received == [5]


def test_files_that_cannot_be_sent_to_a_worker_are_kept_for_the_others() -> None:
    tests = [f"{file}.py::{n}" for file in "abc" for n in range(3)]
    distribution, (first, second) = distribute(tests)
    first.ended = True  # it ended in its second test; the controller does not know it yet
    distribution.mark_test_complete(first, 0)
    assert first.shutting_down
    assert distribution.remove_node(first) == "a.py::1"
    for index in range(3, 8):
        distribution.mark_test_complete(second, index)
    assert sorted(second.received) == [2, 3, 4, 5, 6, 7, 8]


def test_one_worker_keeps_the_processor_busy_while_the_others_wait() -> None:
    files = ["integration/a", "integration/b", "models/c", "models/d", "models/e"]
    tests = [f"tests/{file}.py::{n}" for file in files for n in range(3)]
    distribution, (first, second) = distribute(tests)
    assert (first.received, second.received) == ([0, 1, 2], [6, 7, 8])
    distribution.mark_test_complete(second, 6)
    assert second.received[3:] == [9, 10, 11], "the first still waits"
    distribution.mark_test_complete(first, 0)
    assert first.received[3:] == [3, 4, 5], "the second does not"
    for index in (1, 2, 3):
        distribution.mark_test_complete(first, index)
    assert first.received[6:] == [12, 13, 14], "nothing else is left"


def test_a_folder_stays_with_its_worker() -> None:
    files = ["models/a", "models/b", "sensors/c", "sensors/d"]
    tests = [f"tests/{file}.py::{n}" for file in files for n in range(3)]
    distribution, (first, second) = distribute(tests)
    assert (first.received, second.received) == ([0, 1, 2], [6, 7, 8])
    distribution.mark_test_complete(second, 6)
    assert second.received[3:] == [9, 10, 11]
    distribution.mark_test_complete(first, 0)
    assert first.received[3:] == [3, 4, 5]


@pytest.mark.parametrize(
    "crashed", [0, *(pytest.param(file, marks=pytest.mark.slow) for file in (3, 7))]
)
def test_crash_of_a_worker_fails_one_test_and_the_rest_is_run(tmp_path: Path, crashed: int) -> None:
    (tmp_path / "conftest.py").write_text(PLUGIN)
    for file in range(8):
        crash = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
        body = [f"def test_{n}(): pass" for n in range(3)]
        if file == crashed:
            body[1] = f"def test_1(): {crash}"
        (tmp_path / f"test_{file}.py").write_text("\n".join(body) + "\n")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-p", "no:faulthandler", "--rootdir", tmp_path, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "1 failed, 23 passed" in done.stdout, done.stdout + done.stderr
    assert f"test_{crashed}.py::test_1" in done.stdout
