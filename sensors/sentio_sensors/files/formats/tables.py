"""Tables of any program, by their header; the last format that is tried."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sentio_sensors.errors import FormatError
from sentio_sensors.files.content import FileContent, Hints
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.layout import Layout, layout_of
from sentio_sensors.files.table.rules import column_of
from sentio_sensors.files.table.streams import Table, columns_of, read_table

PLAIN = Table()


def matches(head: Head) -> bool:
    """Return whether the file is a table, with or without a header."""
    return table_layout(head) is not None


def recognised(head: Head) -> bool:
    """Return whether a header names a channel whose kind is known."""
    layout = table_layout(head)
    if layout is None:
        return False
    columns = columns_of(layout, PLAIN.rule)
    known = [c for c in columns if c.kind not in ("", "time", "ignored", "Markers")]
    return bool(known) and any(c.kind == "time" for c in columns)


def is_header(text: str) -> bool:
    """Return whether a text is a line with the name of a known column, and no rows.

    A line that states the delimiter before it, and one of units after it, belong to it.
    """
    lines = [line for line in text.split("\n") if not re.match(r"\"?sep=", line) and line.strip()]
    if not 1 <= len(lines) <= 2:
        return False
    cells = [cell.strip().strip('"') for cell in re.split(r"[,;\t|]", lines[0])]
    known = (column_of(cell).kind not in ("", "ignored") for cell in cells if cell)
    return len(cells) > 1 and (any(known) or "timestamp" in lines[0].lower())


_STATED = re.compile(
    r"(?:sampl\w*|output|acquisition|abtast\w*)[ _-]*(?:rate|freq\w*|frequenz)?\s*"
    r"(?:[\[(]\s*(?:hz|hertz|sps)\s*[\])])?\s*[:=,;\t ]\s*\"?(?P<rate>\d+(?:\.\d+)?)"
    r"(?:\s*(?P<unit>k?hz|hertz|samples|sps)\b)?",
    re.IGNORECASE,
)
"""A rate in the lines before a table: ``Sampling frequency: 64 Hz``."""


def read(head: Head, hints: Hints) -> FileContent:
    """Read a table with the header alone, and a rate that is stated before it."""
    layout = table_layout(head)
    rate = stated_rate(head.lines[: layout.skip]) if layout is not None else 0.0
    content = with_rules(head, replace(PLAIN, rate_hz=rate), hints, layout)
    if rate and any(stream.rate_hz == rate for stream in content.streams):
        content.notes.append(f"the lines before the table state {rate:g} Hz")
    return content


def stated_rate(lines: Sequence[str]) -> float:
    """Return the rate that the lines before a table state, Hz; 0 if there is none."""
    found = (_STATED.search(line[:200]) for line in lines)
    for match in found:
        if match is not None:
            kilo = 1e3 if (match["unit"] or "").lower() == "khz" else 1.0
            return float(match["rate"]) * kilo
    return 0.0


def with_rules(head: Head, table: Table, hints: Hints, layout: Layout | None = None) -> FileContent:
    """Read a table by the rules of a program.

    Args:
        head: The file.
        table: The rules.
        hints: What the user states.
        layout: Layout if it is known; by default it is found.

    Raises:
        FormatError: It is not a table.
    """
    layout = layout or table_layout(head)
    if layout is not None and not layout.names:
        layout = replace(layout, names=tuple(f"ch{i + 1}" for i in range(layout.columns)))
    if layout is None or head.encoding is None:
        raise FormatError(
            f"{head.path.name} begins with {head.start[:24]!r}: no rows of numbers",
            f"look into it: head -n 5 {head.path}",
        )
    return read_table(head.path, layout, head.encoding, head.path.name, table, hints)


def table_layout(head: Head) -> Layout | None:
    """Return the layout of the file as a table; None if it is none."""
    return None if head.is_folder or head.encoding is None else layout_of(head.lines)
