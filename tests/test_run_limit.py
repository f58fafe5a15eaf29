"""Tests of the limits of a test and of a run, on runs of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]

CHILD = """
import subprocess, sys
def test_hangs():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open("child", "w").write(str(child.pid))
"""

KEEPS_THE_LOCK = """
    import ctypes, signal
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    ctypes.PyDLL(None).sleep(600)
"""
"""A call of C that no signal ends and that keeps the interpreter's lock."""


def run(folder: Path, test: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(CHILD + test, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "grace.py").write_text("import tests.run_limit as r; r.GRACE = 1.0", encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    paths = os.pathsep.join((str(ROOT), str(folder)))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n1", "-p", "tests.run_limit", *options],
        cwd=folder, env=kept | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip


def ends(pid: int) -> bool:
    """Return whether a process ends within some seconds."""
    end = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_a_hang_in_native_code_is_named_and_leaves_no_process(tmp_path: Path) -> None:
    later = "def test_next():\n    assert True\n"
    done = run(tmp_path, KEEPS_THE_LOCK + later, "-p", "grace", "-o", "timeout=1")
    assert done.returncode == 1
    assert "crashed while running 'test_it.py::test_hangs'" in done.stdout
    assert "Timeout" in done.stderr
    assert "1 failed, 1 passed" in done.stdout
    assert ends(int((tmp_path / "child").read_text(encoding="utf-8")))


def test_the_limit_of_a_run_names_what_runs_and_leaves_no_process(tmp_path: Path) -> None:
    done = run(tmp_path, KEEPS_THE_LOCK, "--run-limit", "8")
    assert done.returncode == 1
    assert "ended after 8 s" in done.stderr
    assert "test_it.py::test_hangs (" in done.stderr
    assert ends(int((tmp_path / "child").read_text(encoding="utf-8")))
