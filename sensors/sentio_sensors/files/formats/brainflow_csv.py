"""Reader of BrainFlow's files: one line a package, without a header.

A board has up to three data blocks (presets), each in a file of its own: the block is chosen by
the number of columns and, where that fits several, by ``NAME:BLOCK`` or the times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sentio_sensors.brainflow.boards import Block, blocks_of, boards_with
from sentio_sensors.errors import FormatError
from sentio_sensors.files.content import FileChannel, FileContent, Hints
from sentio_sensors.files.formats import tables
from sentio_sensors.files.formats.tables import table_layout
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.grid import Grid, read_grid
from sentio_sensors.files.table.layout import MISSING, is_number
from sentio_sensors.files.table.times import continuous, rate_of, spread

NAME = "BrainFlow"
FEWEST = 5
"""Columns of the smallest data block: counter, a value, time, marker and one more."""

SUGGESTED = 4
"""Boards that a refusal names."""


def matches(head: Head) -> bool:
    """Return whether the file is a wide table of numbers without a header."""
    layout = table_layout(head)
    if layout is None or layout.names or layout.columns < FEWEST:
        return False
    return all(is_number(cell) or cell in MISSING for cell in layout.first if cell)


def read(head: Head, hints: Hints) -> FileContent:
    """Read the streams of the board that the user names.

    Raises:
        AbsentError: brainflow is missing or has no such board.
        FormatError: No board is named, or none of its blocks fits.
    """
    layout = table_layout(head)
    name = head.path.name
    if (
        layout is None
        or head.encoding is None
        or (hints.board is None and hints.rate_hz is not None)
    ):
        return tables.read(head, hints)
    numbered, index = _numbered(layout.first)
    if numbered:
        layout = replace(layout, skip=layout.skip + 1)
    columns = layout.columns - index
    if hints.board is None:
        first = head.lines[layout.skip].split(layout.delimiter) if numbered else layout.first
        boards = _fitting(columns) if _has_clock(first) else []
        kind = f"a BrainFlow file of one of {', '.join(boards)}" if boards else "of no known board"
        raise FormatError(
            f"{name} has {columns} columns of numbers without a header, {kind}",
            f"name the board: sentio play {name} --board {boards[0]}"
            if boards
            else f"state the rate: sentio play {name} --rate 250 --map 'ch*=eeg'",
        )
    board, _, wanted = str(hints.board).partition(":")
    blocks = blocks_of(board)
    fitting = [b for b in blocks if b.rows == columns and wanted in ("", b.name)]
    if not fitting:
        sizes = ", ".join(f"{b.rows} ({b.name})" for b in blocks)
        raise FormatError(
            f"{name} has {columns} columns, board {board} writes {sizes}",
            _other_board(name, columns, board),
        )
    grid = read_grid(head.path, layout, head.encoding, name)
    grid.columns = grid.columns[index:]
    chosen: Sequence[Block] = [b for b in fitting if _is_clock(grid, b.time_row)] or fitting
    if len(chosen) > 1:
        names = " or ".join(f"--board {board}:{b.name}" for b in chosen)
        raise FormatError(f"{name} fits several data blocks of board {board}", f"name it: {names}")
    return _content(grid, chosen[0])


def _numbered(first: Sequence[str]) -> tuple[bool, int]:
    """Return whether a table begins with the numbers of its columns (pandas).

    Returns:
        Whether it does, and the number of columns before the first one: 1 with an index.
    """
    index = int(first[0] == "")
    counted = [cell.removesuffix(".0") for cell in first[index:]]
    numbered = len(counted) > 1 and counted == [str(i) for i in range(len(counted))]
    return numbered, index if numbered else 0


def _content(grid: Grid, block: Block) -> FileContent:
    content = FileContent(NAME)
    if grid.cut:
        content.notes.append("the last line is cut and is left out")
    times, restarts = continuous(grid.numbers(block.time_row))
    if restarts:
        content.notes.append(
            f"the clock starts again {restarts} times: the parts follow each other"
        )
    times = spread(times)
    rate = rate_of(np.sort(times))
    for spec, rows in block.streams:
        values = np.stack([grid.numbers(int(row)) for row in rows], axis=1)
        good = np.isfinite(values).all(axis=1)
        channels = tuple(FileChannel(c.label, c.unit, spec.role.value) for c in spec.channels)
        content.add(
            spec.role.value, spec.role.value, rate or spec.rate_hz, channels, times[good],
            values[good],
        )  # fmt: skip
    if not content.streams:
        raise FormatError(
            f"block {block.name} of this board has no channel of a known role",
            "play the file of another block of the board",
        )
    if rate and abs(rate - block.rate_hz) > 0.01 * block.rate_hz:
        content.notes.append(
            f"the board states {block.rate_hz:g} Hz, the stamps {rate:g} Hz: the stamps are used"
        )
    return content


def _is_clock(grid: Grid, column: int) -> bool:
    """Return whether a column holds Unix times."""
    values = grid.numbers(column)
    known = values[np.isfinite(values)]
    return bool(len(known)) and bool(np.median(known) > 1e8)


def _has_clock(row: Sequence[str]) -> bool:
    """Return whether a row has a Unix time, as all rows of BrainFlow do."""
    return any(is_number(cell) and 1e8 < float(cell) < 1e11 for cell in row)


def _fitting(columns: int) -> list[str]:
    """Return boards with a block of this many columns, the best known first."""
    return boards_with(columns)[:SUGGESTED]


def _other_board(name: str, columns: int, board: str) -> str:
    fitting = [other for other in _fitting(columns) if other != board]
    if not fitting:
        return "set the board that recorded it: sentio devices --all"
    return f"set the board that recorded it, for example: sentio play {name} --board {fitting[0]}"
