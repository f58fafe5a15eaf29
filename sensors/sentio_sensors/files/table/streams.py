"""Turn the columns of a table into streams: one for each kind and rate."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import FormatError
from sentio_sensors.files.content import FileChannel, FileContent, Hints, evenly
from sentio_sensors.files.table.grid import Grid, read_grid
from sentio_sensors.files.table.layout import Layout, is_number, typed
from sentio_sensors.files.table.paired import (
    Pair,
    columns_of_pair,
    common_unit,
    layout_of_pair,
    paired,
    rows_of,
)
from sentio_sensors.files.table.rules import Column, Rule, column_of, plain, time_unit
from sentio_sensors.files.table.time_unit import UNITS, is_strange
from sentio_sensors.files.table.times import continuous, is_disordered, rate_of, seconds, spread

SAME = 0.02
"""Columns whose counts of values differ by less than this share belong to one stream."""

_RAW = re.compile(r"_(?:raw|uncal|uncalibrated)$")
"""End of the name of a column in steps of the device."""

IRREGULAR = frozenset({"rr", "heart_rate"})
"""Kinds without a rate if their column is sparse."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rules of a program's tables.

    Attributes:
        format: Name of the format, for people.
        rule: What a column is; None leaves it to its header.
        rate_hz: Rate that the file states, or 0.
        prefix: Name before those of the streams, for files of one kind.
    """

    format: str = "table"
    rule: Rule = field(default=lambda header, unit: None)
    rate_hz: float = 0.0
    prefix: str = ""


def read_table(
    source: Path | bytes, layout: Layout, encoding: str, name: str, table: Table, hints: Hints
) -> FileContent:
    """Read a table.

    Args:
        source: The file, or its content.
        layout: From its first lines.
        encoding: Encoding of the text.
        name: Name of the file, for messages.
        table: Rules of the program that wrote it.
        hints: What the user states.

    Raises:
        AbsentError: pandas is not installed.
        FormatError: It has no rows, or its times are missing or unclear.
    """
    columns = columns_of(layout, table.rule)
    grid = read_grid(source, layout, encoding, name)
    pairs = [] if hints.rate_hz is not None else paired(columns, layout)
    try:
        if pairs:
            return _of_pairs(grid, pairs, columns, layout, name, table, hints)
        return streams(grid, columns, layout, name, table, hints)
    except FormatError as error:
        if encoding != "cp1252" or "".join(layout.names).isascii():
            raise
        raise FormatError(
            f"{error.what}; it is read as Latin-1",
            f"if its names look wrong: iconv -f ENCODING -t UTF-8 {name} > utf8.csv, with its "
            f"encoding, such as CP1251 or SHIFT-JIS; else {error.fix}",
        ) from None


def _of_pairs(
    grid: Grid,
    pairs: Sequence[Pair],
    columns: Sequence[Column],
    layout: Layout,
    name: str,
    table: Table,
    hints: Hints,
) -> FileContent:
    """Return the streams of a table whose signals have their own time columns."""
    content = FileContent(table.format)
    content.notes.extend(_faults(grid))
    taken: set[str] = set()
    parts = [(rows_of(grid, pair), columns_of_pair(columns, pair)) for pair in pairs]
    if hints.time_unit is None:
        hints = replace(hints, time_unit=common_unit(parts, name))
    for pair, (rows, part_columns) in zip(pairs, parts, strict=True):
        if not len(rows):
            continue
        found = streams(rows, part_columns, layout_of_pair(layout, pair), name, table, hints, taken)
        taken.update(stream.name for stream in found.streams)
        content.streams.extend(found.streams)
        content.notes.extend(note for note in found.notes if note not in content.notes)
    return content


def columns_of(layout: Layout, rule: Rule) -> list[Column]:
    """Return what each column of a table is."""
    found = []
    for index, header in enumerate(layout.names):
        unit = layout.units[index] if index < len(layout.units) else ""
        found.append(rule(header, unit) or column_of(header, unit))
    found += [Column("", "", "ignored")] * (layout.columns - len(found))
    words = [plain(column.label) for column in found]
    conducts = any("conductance" in word for word in words)
    for index, word in enumerate(words):
        stem = _RAW.sub("", word)
        steps = stem != word and any(  # the same in steps of the device
            other.startswith(f"{stem}_") and other.endswith(("_cal", "_calibrated"))
            for other in words
        )
        if steps or (conducts and found[index].kind.upper() == "EDA" and "resistance" in word):
            found[index] = replace(found[index], kind="ignored")
    return found


def streams(
    grid: Grid,
    columns: Sequence[Column],
    layout: Layout,
    name: str,
    table: Table,
    hints: Hints,
    taken: Collection[str] = (),
) -> FileContent:
    """Return the streams of a table's columns.

    Args:
        grid: The rows.
        columns: What its columns are.
        layout: Of the table.
        name: Name of the file, for messages.
        table: Rules of the program that wrote it.
        hints: What the user states.
        taken: Names that other streams of the file have.
    """
    content = FileContent(table.format, notes=_faults(grid))
    times, stated_rate = _times(grid, columns, layout, name, table, hints, content)
    groups: dict[tuple[str, str], list[int]] = {}
    for index, column in enumerate(columns):
        if column.kind == "Markers":
            _markers(content, times, grid.columns[index], column)
        elif column.kind not in ("time", "ignored"):
            groups.setdefault((column.kind, column.group), []).append(index)
    for (kind, group), indices in groups.items():
        for part in _of_one_rate(grid, indices):
            chosen = [i for i, _ in part]
            labels = tuple(
                FileChannel(c.label, c.unit, c.kind) for c in (columns[i] for i in chosen)
            )
            values = np.stack([values for _, values in part], axis=1)
            labels = tuple(_of_beats(c, v) for c, (_, v) in zip(labels, part, strict=True))
            content.notes.extend(
                f"column {columns[i].label!r}: {count} cells are left out, which are not numbers"
                for i in chosen
                if (count := grid.texts(i))
            )
            good = np.isfinite(values).all(axis=1) & np.isfinite(times)
            sparse = good.mean() < 1 - SAME if len(good) else False
            at = times[good] if stated_rate else spread(times[good])
            rate = stated_rate if stated_rate and not sparse else rate_of(np.sort(at))
            if kind in IRREGULAR and (sparse or kind == "rr"):
                rate = 0.0
            used = {*taken, *(stream.name for stream in content.streams)}
            stem = table.prefix or group or kind.lower() or "other"
            content.add(_free(used, stem, labels), kind, rate, labels, at, values[good])
    return content


def _times(
    grid: Grid,
    columns: Sequence[Column],
    layout: Layout,
    name: str,
    table: Table,
    hints: Hints,
    content: FileContent,
) -> tuple[NDArray[np.float64], float]:
    """Return the times of the rows, and the rate if it is stated rather than measured."""
    found = [i for i, column in enumerate(columns) if column.kind == "time"]
    kinds = {column.kind.lower() for column in columns} - {"time", "ignored", "markers", ""}
    found.sort(key=lambda i: (columns[i].rank, grid.columns[i].dtype == object))
    if hints.rate_hz is not None or (not found and table.rate_hz):
        rate = hints.rate_hz if hints.rate_hz is not None else table.rate_hz
        if not 0 < rate < 1e6:
            raise FormatError(
                f"{name}: a rate of {rate:g} Hz, expected a number above 0",
                f"sentio play {name} --rate 128",
            )
        return evenly(0.0, len(grid), rate), rate
    if not found and kinds == {"rr"}:
        index = next(i for i, column in enumerate(columns) if column.kind == "rr")
        intervals = np.nan_to_num(grid.numbers(index))
        scale = UNITS["s" if np.median(intervals) < 10 else "ms"]
        return np.cumsum(intervals) * scale, 0.0
    if not found:
        fix = f"state its rate, for example: sentio play {name} --rate 128"
        if len(grid.columns) == 1 and _like_intervals(grid.numbers(0)):
            fix = (
                f"if these are intervals between beats, name the column: (echo RR; cat {name}) "
                f"> rr.csv && sentio play rr.csv; else {fix}"
            )
        raise FormatError(f"{name} has no time column; its columns: {_shown(layout)}", fix)
    index = found[0]
    header = layout.names[index]
    unit = hints.time_unit or time_unit(columns[index], header)
    strange = is_strange(columns[index].unit)
    line = seconds(grid.columns[index], unit, kinds, header, name, strange)
    content.notes.extend(line.notes)
    if is_disordered(line.times):
        content.notes.append("rows are in no order of time: they are sorted")
    times, restarts = continuous(line.times)
    if restarts:
        content.notes.append(
            f"the clock in column {header!r} starts again {restarts} "
            f"{'time' if restarts == 1 else 'times'}: the parts follow one after another"
        )
    known = times[np.isfinite(times)]
    if len(known) < len(times):
        content.notes.append(f"rows without a time, which are left out: {len(times) - len(known)}")
    if len(known) > 1 and not np.ptp(known) > 0:
        raise FormatError(
            f"{name}: column {header!r} is the same in all rows, so it is not a time",
            f"state the rate, for example: sentio play {name} --rate 128",
        )
    return times, 0.0


def _of_beats(channel: FileChannel, values: NDArray[np.float64]) -> FileChannel:
    """Return a channel of intervals with the unit of its values, if none is stated."""
    if channel.kind.lower() != "rr" or channel.unit:
        return channel
    return replace(channel, unit="s" if np.nanmedian(values) < 10 else "ms")


def _like_intervals(values: NDArray[np.float64]) -> bool:
    """Return whether all values could be intervals between beats, in s or ms."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return (0.25 < low and high < 2.5) or (250 < low and high < 2500)


def _of_one_rate(grid: Grid, indices: Sequence[int]) -> list[list[tuple[int, NDArray[np.float64]]]]:
    """Group columns that have values in the same rows; empty ones are omitted."""
    parts: list[list[tuple[int, NDArray[np.float64]]]] = []
    masks: list[NDArray[np.bool_]] = []
    for index in indices:
        values = grid.numbers(index)
        mask = np.isfinite(values)
        if not mask.any():
            continue
        for part, common in zip(parts, masks, strict=True):
            if (mask != common).mean() <= SAME * max(mask.mean(), common.mean()):
                part.append((index, values))
                common &= mask
                break
        else:
            parts.append([(index, values)])
            masks.append(mask.copy())
    return parts


def _markers(
    content: FileContent, times: NDArray[np.float64], values: NDArray[Any], column: Column
) -> None:
    """Add the texts of a column, and the changes of its numbers, as markers."""
    if values.dtype == object:
        cells = ["" if value is None else str(value).strip() for value in values]
        at = [
            i
            for i, (cell, before) in enumerate(zip(cells, ["", *cells], strict=False))
            if cell and not (is_number(cell) and (cell == before or not float(typed(cell))))
        ]
        texts = [cells[i] for i in at]
    else:
        numbers = np.nan_to_num(values.astype(float))
        at = list(np.flatnonzero((numbers != np.r_[0.0, numbers[:-1]]) & (numbers != 0)))
        texts = [f"{numbers[i]:g}" for i in at]
    if texts:
        content.add_markers(times[at], texts, column.label.lower() or "markers")


def _faults(grid: Grid) -> list[str]:
    """Return what was left out of the rows."""
    notes = ["the last line is cut and is left out"] if grid.cut else []
    if grid.skipped:
        notes.append(f"lines with too many cells, which are left out: {grid.skipped}")
    return notes


def _free(taken: Collection[str], name: str, labels: Sequence[FileChannel]) -> str:
    """Return a name that no stream of the file has yet."""
    if name in taken and labels[0].label.lower() not in taken:
        return labels[0].label.lower()
    count = 2
    free = name
    while free in taken:
        free, count = f"{name}{count}", count + 1
    return free


def _shown(layout: Layout) -> str:
    names = [name for name in layout.names if name] or [f"{layout.columns} without a header"]
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
