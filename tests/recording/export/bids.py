"""The official validator of BIDS."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def assert_valid(folder: Path) -> None:
    """Expect that the validator finds no error in a dataset."""
    validator = Path(sys.executable).with_name("bids-validator-deno")
    result = subprocess.run(
        [validator, folder, "--ignoreWarnings", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = json.loads(result.stdout)["issues"]["issues"]
    assert [issue for issue in found if issue["severity"] == "error"] == []
    assert result.returncode == 0
