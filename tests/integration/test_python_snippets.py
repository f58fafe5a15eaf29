"""The Python of README, examples and protocol page, as a newcomer runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Sidecar

ROOT = Path(__file__).parents[2]
README = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
PULSE = """
[consent]
body = ["adapt"]
[[source]]
type = "simulate"
roles = ["ppg", "eda"]
"""
DEADLINE = 60.0


def first_line(code: str, sidecar: Sidecar, wanted: str) -> None:
    """Run code with a sidecar's ports until a line of its output is ``wanted``."""
    for usual, port in zip(("28700", "28701"), sidecar.ports, strict=True):
        code = code.replace(usual, str(port))
    code = re.sub(r'Requester\("([^"]+)"\)', r'Requester("\1", timeout=30)', code)  # a busy machine
    program = subprocess.Popen(
        [sys.executable, "-u", "-W", "error", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    try:
        for line in program.stdout:
            if re.fullmatch(wanted, line.strip()):
                return
    finally:
        program.kill()
        _, errors = program.communicate(timeout=DEADLINE)
    raise AssertionError(f"no such line; {errors}")


@pytest.mark.timeout(120)
def test_readme_and_examples_print_values_and_responses(run: Callable[..., Sidecar]) -> None:
    sidecar = run(PULSE)
    assert len(README) == 1
    first_line(README[0], sidecar, r"0\.\d+ \+- 0\.\d+")
    examples = ROOT / "examples/python"
    follow = (examples / "follow_arousal.py").read_text()
    first_line(follow, sidecar, r"ok: arousal_level 0\.\d\d \+- 0\.\d\d")
    first_line((examples / "mark_events.py").read_text(), sidecar, r"marker: boss_spawned \{.*\}")
