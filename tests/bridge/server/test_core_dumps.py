"""Core dumps of a process are refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CRASH = """
import os, resource
_, most = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
from sentio_bridge.server.core_dumps import refuse
assert refuse()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, most)
os.abort()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows writes none by default")
def test_a_crash_leaves_no_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == -6, done.stderr
    assert list(tmp_path.iterdir()) == []
