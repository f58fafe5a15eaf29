"""What engines do with affect: the shared vectors are what the reference gives.

GDScript and C# are held against them by their own tests, which test_godot.py and test_unity.py run.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MAKE = Path(__file__).parents[2] / "tests/vectors/behaviour/make.py"


def test_the_vectors_are_what_the_reference_gives() -> None:
    done = subprocess.run(
        [sys.executable, str(MAKE), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip() == "16 kinds, 0 written"
