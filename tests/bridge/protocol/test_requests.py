"""The table of operations in PROTOCOL.md lists every request with its arguments."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sentio_bridge.protocol.requests import OPERATIONS, Request

PAGE = Path(__file__).parents[3] / "bridge" / "PROTOCOL.md"
_, _, SECTION = PAGE.read_text(encoding="utf-8").partition("\n## 6. ")
SECTION = SECTION.partition("\n## ")[0]
TABLE = SECTION.partition("| op | arguments | reply |")[2].partition("\n\n")[0]
ROWS = re.findall(r"^\| (`\w+`(?: / `\w+`)*) \|", TABLE, re.MULTILINE)


def test_every_operation_has_one_row_and_no_other_exists() -> None:
    assert sorted(op for ops in ROWS for op in re.findall(r"\w+", ops)) == sorted(OPERATIONS)


@pytest.mark.parametrize("op", sorted(OPERATIONS))
def test_every_argument_is_named(op: str) -> None:
    common = set(Request.__struct_fields__)
    for name in set(OPERATIONS[op].__struct_fields__) - common:
        assert re.search(rf"`{name}\??`", SECTION), f"{op}: {name}"
