"""Commands that need a checkout report it in an installed package."""

from __future__ import annotations

import subprocess
import sys

import pytest

INSTALLED = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"benchmarks", "sentio_research"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from sentio_bridge.cli.app import main
main()
"""


@pytest.mark.parametrize(
    "arguments",
    [["bench", "--suite", "startup"], ["eval", "face", "--data", "."], ["eval", "face"]],
)
def test_installed_package_reports_that_a_checkout_is_needed(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INSTALLED, *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "is not part of the installed package" in done.stderr
    assert "checkout" in done.stderr
    assert "Traceback" not in done.stderr
