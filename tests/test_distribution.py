"""A worker that crashes fails one test; the run goes on and ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

PLUGIN = """
from tests.distribution import ByFile

def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return ByFile(config, log)
"""


@pytest.mark.parametrize("crashed", [0, 3, 7])
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
