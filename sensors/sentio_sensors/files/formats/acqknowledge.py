"""Reader of the text that BIOPAC's AcqKnowledge exports.

Lines of a header: file, interval (``1 msec/sample``), number of channels, two lines for each
(title, unit), then columns (``sec``, ``CH1``, ``CH2``) and the number of samples of each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import FormatError
from sentio_sensors.files.content import FileContent, Hints, evenly
from sentio_sensors.files.formats.lab_channels import channel, interval_of, on_grid
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.grid import Grid, read_grid
from sentio_sensors.files.table.layout import DELIMITERS, MAX_COLUMNS, SPACE, Layout
from sentio_sensors.files.table.rules import Column
from sentio_sensors.files.table.streams import Table, streams
from sentio_sensors.files.table.time_unit import scale_of, unit_named

NAME = "AcqKnowledge text"

_INTERVAL = re.compile(
    r"^\s*\"?([\d.,eE+-]+)\s*([a-zA-Z\u00b5\u03bc]+)\s*/\s*sample", re.IGNORECASE
)
_RATE = re.compile(r"^\s*\"?([\d.,]+)\s*(k?)(?:Hz|samples\s*/\s*sec)", re.IGNORECASE)
_COUNT = re.compile(r"^\s*\"?(\d{1,4})\s+channels?\b", re.IGNORECASE)
_LEAD = 8
"""Lines in which the interval and the number of channels are looked for."""

_CHANNEL = re.compile(r"^CH\s?\d+[A-Z]?$|^[ACD]\d+$", re.IGNORECASE)


def matches(head: Head) -> bool:
    """Return whether the file begins as AcqKnowledge's exports do."""
    return _start(head.lines) is not None


def _start(lines: Sequence[str]) -> tuple[int, float, int] | None:
    """Return the line of the first title, the interval in s, number of channels."""
    for index, line in enumerate(lines[:_LEAD]):
        interval = _interval(line)
        found = _COUNT.match(lines[index + 1]) if index + 1 < len(lines) else None
        if interval and found is not None and 0 < int(found[1]) < MAX_COLUMNS:
            return index + 2, interval, int(found[1])
    return None


def _interval(line: str) -> float:
    found = _INTERVAL.match(line)
    if found is not None:
        return interval_of(f"{found[1]} {found[2]}")
    found = _RATE.match(line)
    if found is None:
        return 0.0
    try:
        rate = float(found[1].replace(",", ".")) * (1000 if found[2] else 1)
    except ValueError:
        return 0.0
    return 1 / rate if 1e-5 <= rate <= 1e6 else 0.0


def read(head: Head, hints: Hints) -> FileContent:
    """Read all channels, each at its own rate.

    Raises:
        FormatError: The header is cut, or has no rows below.
    """
    start = _start(head.lines)
    if start is None or head.encoding is None:
        raise FormatError(f"{head.path.name} has no header", f"look into it: head {head.path}")
    line, interval, count = start
    lines = head.lines
    skip = line + 2 * count
    titles = [text.strip().strip('"') for text in lines[line:skip]]
    _check_rows(lines, skip, count, head.path.name)
    first, mark = [""], "\t"
    counts: list[str] = []
    while skip < len(lines):
        mark = next((d for d in DELIMITERS if d in lines[skip]), SPACE)
        cells = _split(lines[skip], mark)
        if any(_CHANNEL.match(cell) for cell in cells):
            first = cells
        elif cells and not counts and first != [""] and all(c.isdigit() for c in cells if c):
            counts = cells
            skip += 1
            break
        elif cells:
            break
        skip += 1
    _check_rows(lines, skip, count, head.path.name)
    timed = not _CHANNEL.match(first[0]) if first != [""] else _is_timed(lines[skip], mark, count)
    width = count + timed
    comma = mark != "," and any(re.match(r"^-?\d+,\d+$", c) for c in _split(lines[skip], mark))
    layout = Layout(mark, "," if comma else ".", skip, (), (), width, (), False, ())
    grid = read_grid(head.path, layout, head.encoding, head.path.name)
    if counts and counts[0] and max(map(int, filter(None, counts))) < 0.99 * len(grid):
        layout = replace(layout, skip=skip - 1)  # a row of whole numbers, not of counts
        grid = read_grid(head.path, layout, head.encoding, head.path.name)
    channels = [channel(titles[2 * i], titles[2 * i + 1]) for i in range(count)]
    content = FileContent(NAME)
    times = (
        evenly(0.0, len(grid), hints.rate_hz)
        if hints.rate_hz
        else _times(grid, interval, first[0] if timed else "")
    )
    columns = grid.columns[timed:]
    shown = (Column("time", "s", "time"), *channels)
    names = tuple(column.label for column in shown)
    for rows, indices in _packed(times, columns):
        part = Grid([rows, *(columns[i][: len(rows)] for i in indices)], grid.cut, grid.skipped)
        chosen = [shown[0], *(shown[1 + i] for i in indices)]
        named = Layout("\t", ".", 0, names, (), len(chosen), (), False, ())
        taken = {stream.name for stream in content.streams}
        found = streams(part, chosen, named, head.path.name, Table(NAME), Hints(), taken)
        content.streams.extend(found.streams)
        content.notes.extend(note for note in found.notes if note not in content.notes)
    return content


def _check_rows(lines: Sequence[str], skip: int, count: int, name: str) -> None:
    """Check that lines follow the header.

    Raises:
        FormatError: The file ends within its header, or with it.
    """
    if not any(line.strip() for line in lines[skip:]):
        raise FormatError(
            f"{name} states {count} channels and has no rows",
            "export it again from AcqKnowledge: File, Save as, Text",
        )


def _split(line: str, mark: str) -> list[str]:
    cells = line.split() if mark == SPACE else [c.strip().strip('"') for c in line.split(mark)]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _is_timed(row: str, mark: str, count: int) -> bool:
    return len(_split(row, mark)) > count


def _times(grid: Grid, interval: float, header: str) -> NDArray[np.float64]:
    """Return the times of all rows: those written where they are not even."""
    unit = unit_named(header.rstrip("."))
    if unit is None:
        return evenly(0.0, len(grid), 1 / interval)
    return on_grid(grid.numbers(0) * scale_of(unit), interval)


def _packed(
    times: NDArray[np.float64], columns: Sequence[NDArray[np.float64]]
) -> list[tuple[NDArray[np.float64], list[int]]]:
    """Return times and columns that share them.

    A channel of a lower rate may have its values one below another, followed by empty cells:
    its last one belongs to the end of the recording.
    """
    groups: dict[int, list[int]] = {}
    for index, column in enumerate(columns):
        filled = np.flatnonzero(np.isfinite(Grid([column]).numbers(0)))
        size = len(filled)
        packed = 1 < size <= 0.6 * len(times) and int(filled[-1]) == size - 1
        factor = round(len(times) / size) if packed else 1
        groups.setdefault(factor, []).append(index)
    return [(times[::factor], indices) for factor, indices in groups.items()]
