"""Files of an Empatica E4 that a spreadsheet saved again.

They have semicolons or tabs between cells, decimal commas, quotes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

_COMMA = re.compile(r"^\s*-?\d+,\d+(?:[eE][+-]?\d+)?\s*$")
_LOOK = 1000
"""Lines from which the dialect is found: a spreadsheet writes all lines in one."""


def plain_lines(lines: Sequence[str], width: int) -> list[str]:
    """Return lines with commas between cells and decimal points.

    Args:
        lines: Lines of one file.
        width: Cells that a line of this file has.
    """
    first = lines[:_LOOK]
    mark = next((m for m in ";\t" if any(m in line for line in first)), ",")
    quoted = any('"' in line for line in first)
    if mark == "," and not quoted:
        if width > 1 or not any("," in line for line in first):
            return list(lines)
        return [line.replace(",", ".") if _COMMA.match(line) else line for line in lines]
    rows = csv.reader(lines, delimiter=mark) if quoted else (line.split(mark) for line in lines)
    return [",".join(cell.strip().replace(",", ".") for cell in _filled(row)) for row in rows]


def _filled(row: Sequence[str]) -> Sequence[str]:
    """Return a row without the empty cells at its end."""
    end = len(row)
    while end > 1 and not row[end - 1].strip():
        end -= 1
    return row[:end]
