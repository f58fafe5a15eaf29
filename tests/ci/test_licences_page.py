"""docs/licences.md states what the locked releases state about themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_page_is_that_of_the_locked_releases() -> None:
    command = [sys.executable, str(ROOT / ".ci" / "licences_page.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr or "run: python .ci/licences_page.py"


def test_every_release_has_a_licence() -> None:
    text = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if "==" not in line]
    rows = [row for row in rows if len(row) == 3 and row[0] not in ("distribution", "---")]
    assert len(rows) > 20
    assert [row for row in rows if not row[2].strip() or row[2].startswith("unknown")] == []
