"""Paths of the repository that its rules apply to."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked(*suffixes: str) -> list[Path]:
    """Return the tracked files, only those with a suffix of ``suffixes`` if given."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    files = [ROOT / name for name in listed if name.endswith(suffixes or "")]
    return [file for file in files if file.is_file()]
