"""Line numbers of configuration keys."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from sentio_bridge.config.line_index import LineIndex, Path

TEXT = (
    """\
# a = 1
top = [ # subjects
  "[not.a.table]", "b = 2", # ]
]
'quoted key' = """
    + '"""'
    + """
[nor.this]
this = 1
"""
    + '"""'
    + """
dotted.inner = {x = 1, y = [1,
  2]}

[table] # comment
key = "="
[[many]]
n = 1
[many.sub]
n = 2
[[many]]
n = 3
  [many."sub b".c]
  n = 4
  [[many.deep]]
  n = 5
  [[many.deep]]
  n = 6
[table.child]
n = 7
"""
)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("top", 1), 2),
        (("quoted key",), 5),
        (("dotted",), 9),
        (("dotted", "inner"), 9),
        (("dotted", "inner", "y", 1), 9),
        (("table",), 12),
        (("table", "key"), 13),
        (("many", 0), 14),
        (("many", 0, "n"), 15),
        (("many", 0, "sub", "n"), 17),
        (("many", 1), 18),
        (("many", 1, "n"), 19),
        (("many", 1, "sub b", "c"), 20),
        (("many", 1, "sub b", "c", "n"), 21),
        (("many", 1, "deep", 0, "n"), 23),
        (("many", 1, "deep", 1, "n"), 25),
        (("table", "child", "n"), 27),
        (("nowhere",), 1),
        ((), 1),
    ],
)
def test_key_has_its_line(path: Path, line: int) -> None:
    tomllib.loads(TEXT)
    assert LineIndex(TEXT).line(path) == line


def test_every_number_has_its_line() -> None:
    index, lines = LineIndex(TEXT), TEXT.splitlines()

    def walk(value: Any, path: Path) -> int:
        if isinstance(value, dict):
            return sum(walk(child, (*path, key)) for key, child in value.items())
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return sum(walk(child, (*path, n)) for n, child in enumerate(value))
        if path[-1] == "n":
            assert lines[index.line(path) - 1].strip() == f"n = {value}"
        return 1

    assert walk(tomllib.loads(TEXT), ()) == 12
