"""The byte streams that the engines' clients are tested on are what libzmq says today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MAKE = Path(__file__).parents[1] / "vectors/make_zmtp.py"


def test_libzmq_says_what_it_said() -> None:
    done = subprocess.run(
        [sys.executable, str(MAKE), "--check"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
