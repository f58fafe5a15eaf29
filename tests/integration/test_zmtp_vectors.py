"""The byte streams for the tests of the engines' clients equal those of libzmq."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MAKE = Path(__file__).parents[1] / "vectors/make_zmtp.py"


def test_stored_byte_streams_equal_those_of_libzmq() -> None:
    done = subprocess.run(
        [sys.executable, str(MAKE), "--check"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
