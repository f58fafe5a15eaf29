"""Reader of the text that ADInstruments' LabChart exports.

Each block begins with lines such as ``Interval=`` and ``ChannelTitle=``; rows have the time, the
channels, and the comments made at that time (``#1 text``, ``#* text``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import FormatError
from sentio_sensors.files.content import FileContent, Hints, evenly
from sentio_sensors.files.formats.lab_channels import channel, interval_of, on_grid
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.grid import MAX_TABLE_BYTES, Grid, read_grid
from sentio_sensors.files.table.layout import MAX_COLUMNS, Layout, is_number
from sentio_sensors.files.table.rules import Column
from sentio_sensors.files.table.streams import Table, streams
from sentio_sensors.files.table.times import seconds

NAME = "LabChart text"

_BLOCK = re.compile(rb"^(?:\xef\xbb\xbf)?\"?Interval=", re.MULTILINE)
_LINE = re.compile(r"^\"?([A-Za-z]+)=(.*)$")
_COMMENT = re.compile(r"^#(?:\*|\d+)?\s*")
_COMMENTS = 4
"""Columns kept for comments: several can share a row."""

MAX_BLOCKS = 1000
"""Limit of blocks: a recorder is not started more often."""

_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class _Block:
    """A part between two starts of the recorder.

    Attributes:
        columns: What the channels are.
        interval: Seconds between samples; 0 if not stated.
        day: Days since 1899-12-30 at its start; NaN if not stated.
        each: Whether times of rows begin at 0 in each block.
        rows: Its lines, header included.
        layout: Of these lines.
        timed: Whether rows begin with their time.
    """

    columns: tuple[Column, ...]
    interval: float
    day: float
    each: bool
    rows: bytes
    layout: Layout
    timed: bool


def matches(head: Head) -> bool:
    """Return whether the file begins as LabChart's exports do."""
    lines = [line.lstrip('"') for line in head.lines[:16] if line.strip()]
    return bool(lines) and lines[0].startswith("Interval=") and any(
        line.startswith("ChannelTitle=") for line in lines
    )  # fmt: skip


def read(head: Head, hints: Hints) -> FileContent:
    """Read all channels of all blocks; comments are markers.

    Raises:
        FormatError: It is too large or has no rows.
    """
    if head.size > MAX_TABLE_BYTES:
        raise FormatError(
            f"{head.path.name} has {head.size / 2**30:.1f} GiB of text, expected at most "
            f"{MAX_TABLE_BYTES >> 30} GiB",
            "export it in parts from LabChart",
        )
    encoding = str(head.encoding)
    data = head.path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if encoding.startswith(("utf-16", "utf-32")):
        data, encoding = data.decode(encoding, "replace").encode(), "utf-8"
    edges = [found.start() for found in _BLOCK.finditer(data)] + [len(data)]
    if len(edges) > MAX_BLOCKS + 1:
        raise FormatError(
            f"{head.path.name} has {len(edges) - 1:,} blocks, expected at most {MAX_BLOCKS:,}",
            "export it in parts from LabChart",
        )
    parts = zip(edges[:-1], edges[1:], strict=True)
    found = [_block(data[a:b] if (a, b) != (0, len(data)) else data, encoding) for a, b in parts]
    blocks = [block for block in found if block is not None]
    if not blocks:
        raise FormatError(
            f"{head.path.name} has the header of LabChart and no rows or titles of channels",
            "export it again: File, Export, Data as text",
        )
    content = _joined(blocks, encoding, head.path.name, hints.rate_hz)
    content.notes.extend(
        f"block {number} has no rows or titles of channels: it is left out"
        for number, block in enumerate(found, 1)
        if block is None
    )
    return content


def _block(data: bytes, encoding: str) -> _Block | None:
    """Return the description of a block; None if it has no rows or titles of channels."""
    lines = data[: 1 << 16].decode(encoding, "replace").lstrip("\ufeff").split("\n")
    stated: dict[str, str] = {}
    skip = 0
    for line in lines:
        found = _LINE.match(line)
        if found is None and line.strip():
            break
        skip += 1
        if found is not None:
            stated[found[1]] = found[2]
    row = lines[skip] if skip < len(lines) else ""
    titles_line = stated.get("ChannelTitle", "")
    mark = titles_line[0] if titles_line.startswith(("\t", ",", ";", "|")) else "\t"
    cells = _cells(row.partition("#")[0], mark)
    titles = _cells(titles_line, mark, lead=True)[:MAX_COLUMNS]
    if not cells or not titles:
        return None
    units = [_unit(cell) for cell in _cells(stated.get("Range", ""), mark, lead=True)]
    named = _cells(stated.get("UnitName", ""), mark, lead=True)
    units = [
        named[i] if i < len(named) and named[i] not in ("", "*") else unit
        for i, unit in enumerate(units + [""] * (len(titles) - len(units)))
    ]
    timed = len(cells) > len(titles) or not is_number(cells[0], ",")
    comma = mark != "," and any(re.match(r"^-?\d+,\d+$", cell) for cell in cells)
    width = len(titles) + timed + _COMMENTS
    layout = Layout(mark, "," if comma else ".", skip, (), (), width, (), False, tuple(cells))
    return _Block(
        tuple(channel(title, unit) for title, unit in zip(titles, units, strict=False)),
        interval_of(stated.get("Interval", "").strip(mark + " ")),
        _day(_cells(stated.get("ExcelDateTime", ""), mark, lead=True)),
        "startofblock" in stated.get("TimeFormat", "").lower(),
        data, layout, timed,
    )  # fmt: skip


def _cells(text: str, mark: str, lead: bool = False) -> list[str]:
    """Return the cells of a line without empty ones at its end."""
    text = text.strip('"')
    cells = [cell.strip().strip('"') for cell in text.split(mark)]
    while cells and not cells[-1]:
        cells.pop()
    return cells[1:] if lead and cells and not cells[0] else cells


def _unit(text: str) -> str:
    found = re.match(r"^[+\-\u00b1]?[\d.,]+(?:[eE][+-]?\d+)?\s*(.*)$", text)
    return found[1].strip() if found is not None else ""


def _day(cells: Sequence[str]) -> float:
    try:
        return float(cells[0].replace(",", ".")) if cells else float("nan")
    except ValueError:
        return float("nan")


def _joined(blocks: Sequence[_Block], encoding: str, name: str, rate: float | None) -> FileContent:
    """Return the streams of all blocks; those with the same channels are joined.

    Args:
        blocks: At least one.
        encoding: Encoding of their rows.
        name: Name of the file, for messages.
        rate: As the user states it; None: as the file does.
    """
    content = FileContent(NAME)
    groups: dict[tuple[Column, ...], list[tuple[NDArray[np.float64], Grid]]] = {}
    end = 0.0
    for number, block in enumerate(blocks):
        grid = read_grid(block.rows, block.layout, encoding, name)
        times = _times(grid, block, name, rate)
        if number and block.each and np.isfinite(block.day - blocks[0].day):
            times = times + (block.day - blocks[0].day) * _DAY
        elif number and (block.each or not block.timed):
            times = times + end - times[0]
            content.notes.append(f"block {number + 1} states no date: it follows the one before it")
        end = float(times[-1]) + (1 / rate if rate else block.interval)
        groups.setdefault(block.columns, []).append((times, grid))
        if grid.cut:
            content.notes.append("the last line is cut and is left out")
    taken: set[str] = set()
    for columns, parts in groups.items():
        timed = next(b.timed for b in blocks if b.columns == columns)
        grids = [grid.columns[timed:] for _, grid in parts]
        joined = [np.concatenate([grid[i] for grid in grids]) for i in range(len(columns))]
        comments = np.concatenate([_comments(grid[len(columns) :]) for grid in grids])
        rows = Grid([np.concatenate([times for times, _ in parts]), *joined, comments])
        shown = (Column("time", "s", "time"), *columns, Column("comments", "", "Markers"))
        layout = Layout(
            "\t", ".", 0, tuple(c.label for c in shown), (), len(shown), (), False, ()
        )  # fmt: skip
        found = streams(rows, shown, layout, name, Table(NAME), Hints(), taken)
        taken.update(stream.name for stream in found.streams)
        content.streams.extend(found.streams)
        content.notes.extend(found.notes)
    return content


def _times(grid: Grid, block: _Block, name: str, rate: float | None) -> NDArray[np.float64]:
    """Return the times of a block's rows, in seconds."""
    if block.timed:
        written = seconds(grid.columns[0], "s", (), "time", name).times
        if not rate:
            return on_grid(written, block.interval)
        known = written[np.isfinite(written)]
        return evenly(float(known[0]) if len(known) else 0.0, len(grid), rate)
    if not rate:
        if not block.interval:
            raise FormatError(
                f"{name} states neither times nor an interval",
                f"state the rate: sentio play {name} --rate 1000",
            )
        rate = 1 / block.interval
    return evenly(0.0, len(grid), rate)


def _comments(columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return the comments of each row as one text, or None."""
    found = np.full(len(columns[0]), None, object)
    for column in columns:
        if column.dtype != object:
            continue
        for row in np.flatnonzero([cell is not None for cell in column]):
            text = _COMMENT.sub("", str(column[row]).strip())
            if text:
                found[row] = text if found[row] is None else f"{found[row]}; {text}"
    return found
