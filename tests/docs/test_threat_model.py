"""Every defence in docs/threat-model.md names a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([STRIDE]) \|(.*)\| `([^`]+)` \|$", re.MULTILINE)

ROWS = ROW.findall((ROOT / "docs/threat-model.md").read_text(encoding="utf-8"))


def test_every_kind_of_threat_has_rows() -> None:
    assert {kind for kind, _, _ in ROWS} == set("STRIDE")
    text = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
    assert len(ROWS) == len(re.findall(r"^\| [STRIDE] \|", text, re.MULTILINE))


@pytest.mark.parametrize("named", [named for _, _, named in ROWS])
def test_named_test_exists(named: str) -> None:
    path, _, function = named.partition("::")
    file = ROOT / path
    assert file.exists(), f"{path} does not exist"
    if function:
        source = file.read_text(encoding="utf-8")
        assert re.search(rf"^def {re.escape(function)}\(", source, re.MULTILINE), named
    elif file.is_dir():
        assert list(file.glob("test_*.py")), f"{path} has no tests"
