"""Behaviour vectors equal their reference, and both engines read them.

Their own tests compare GDScript and C# with the vectors (test_godot.py and test_unity.py).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKE = ROOT / "tests/vectors/behaviour/make.py"
KINDS = sorted(path.stem for path in MAKE.parent.glob("*.txt"))
TESTS = [
    ROOT / "godot_addon/tests/unit/test_behaviour.gd",
    ROOT / "unity_plugin/Tests/Editor/Behaviour/BehaviourVectorTests.cs",
]


def test_vectors_equal_those_of_the_reference() -> None:
    done = subprocess.run(
        [sys.executable, str(MAKE), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip() == f"{len(KINDS)} kinds, 0 written"


@pytest.mark.parametrize("test", TESTS, ids=lambda path: path.name)
def test_every_kind_is_compared_by_the_tests_of_an_engine(test: Path) -> None:
    text = test.read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f'"{kind}"' not in text] == []
