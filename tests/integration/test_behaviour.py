"""Behaviour vectors: the stored files equal those of the reference.

GDScript and C# are compared with them by their own tests (test_godot.py and test_unity.py).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MAKE = Path(__file__).parents[2] / "tests/vectors/behaviour/make.py"


def test_vectors_equal_those_of_the_reference() -> None:
    done = subprocess.run(
        [sys.executable, str(MAKE), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip() == "17 kinds, 0 written"
