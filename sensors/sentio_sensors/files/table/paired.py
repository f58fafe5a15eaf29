"""Find the time columns of tables whose signals have their own times."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from sentio_sensors.errors import FormatError
from sentio_sensors.files.table.grid import Grid
from sentio_sensors.files.table.layout import Layout
from sentio_sensors.files.table.rules import TIME_NAMES, Column, plain, split_unit, time_unit
from sentio_sensors.files.table.time_unit import UNITS, recognised, unit_named
from sentio_sensors.files.table.times import typical_step

_WORDS = ("time_series", "timestamps", "timestamp", "time_stamp", "time", "ts", "t")
"""Words beside the name of a signal that make it the name of its times."""

_NUMBER = re.compile(r"_?\d+$")


class Pair(NamedTuple):
    """A time column and the columns that it belongs to.

    Attributes:
        time: Index of the time column.
        signals: Indices of the others, ascending.
    """

    time: int
    signals: list[int]


def paired(columns: Sequence[Column], layout: Layout) -> list[Pair]:
    """Return the time column of each signal; empty if the table has one for all.

    It is found by its name, as ``ecg_time`` or ``time_ecg`` beside ``ecg``, or is repeated before
    the signals that it belongs to, or is of the same device.

    Args:
        columns: What the columns are, as their headers alone show.
        layout: Of the table.
    """
    if len({column.clock for column in columns if column.kind == "time"}) > 1:
        return _by_clock(columns)
    names = [plain(split_unit(name)[0]) for name in layout.names]
    stems = {i: stem for i, name in enumerate(names) if (stem := _stem(name, names))}
    if stems:
        return _by_name(columns, names, stems)
    return _by_place(columns, names)


def rows_of(grid: Grid, pair: Pair) -> Grid:
    """Return the columns of a pair, without the rows that other columns fill."""
    chosen = [grid.columns[i] for i in (pair.time, *pair.signals)]
    times = chosen[0]
    if times.dtype == object:
        filled = np.array([value is not None for value in times], np.bool_)
    else:
        filled = np.isfinite(times.astype(np.float64))
        padded = filled.copy()
        for column in chosen:
            if column.dtype != object:
                padded &= np.nan_to_num(column.astype(np.float64)) == 0
        # Some programs fill shorter columns with zeros.
        last = int(np.max(np.flatnonzero(~padded), initial=-1)) + 1
        if len(filled) - last > 1:
            filled[last:] = False
    return Grid([column[filled] for column in chosen])


def common_unit(parts: Sequence[tuple[Grid, Sequence[Column]]], name: str) -> str | None:
    """Return the unit of all time columns, if the steps of some of them show one.

    Args:
        parts: Rows and columns of each pair; the times are the first column.
        name: Name of the file, for messages.
    """
    scales = set()
    for grid, columns in parts:
        times = grid.columns[0]
        if times.dtype == object or not len(times) or time_unit(columns[0], columns[0].label):
            return None
        kinds = {column.kind.lower() for column in columns[1:]} - {"", "markers"}
        with contextlib.suppress(FormatError):
            step = typical_step((times - times[0]).astype(np.float64))
            found = recognised(
                step, float(times[0]), None, kinds, "", name, strange=False, rows=len(times)
            )
            scales.add(found.scale)
    return next((u for u, s in UNITS.items() if {s} == scales), None)


def columns_of_pair(columns: Sequence[Column], pair: Pair) -> list[Column]:
    """Return what the columns of a pair are."""
    time = columns[pair.time]
    return [replace(time, kind="time", rank=0), *(columns[i] for i in pair.signals)]


def layout_of_pair(layout: Layout, pair: Pair) -> Layout:
    """Return the layout with the names of a pair's columns alone."""
    names = tuple(layout.names[i] for i in (pair.time, *pair.signals))
    return replace(layout, names=names, units=(), columns=len(names))


def _stem(name: str, names: Sequence[str]) -> str:
    """Return the signal that a time column names; empty if it names none of the table."""
    for word in _WORDS:
        for stem in (name.removeprefix(f"{word}_"), name.removesuffix(f"_{word}")):
            if stem != name and any(other != name and _named(other, stem) for other in names):
                return stem
    return ""


def _named(name: str, stem: str) -> bool:
    return name == stem or name.startswith(f"{stem}_")


def _is_signal(column: Column) -> bool:
    return column.kind not in ("time", "ignored")


def _by_clock(columns: Sequence[Column]) -> list[Pair]:
    """Return the best time column of each device, with its signals."""
    times = [i for i, column in enumerate(columns) if column.kind == "time"]
    best = {columns[i].clock: i for i in sorted(times, key=lambda i: -columns[i].rank)}
    pairs = [
        Pair(at, [i for i, c in enumerate(columns) if c.clock == clock and _is_signal(c)])
        for clock, at in best.items()
    ]
    return sorted(pair for pair in pairs if pair.signals)


def _by_name(columns: Sequence[Column], names: Sequence[str], stems: dict[int, str]) -> list[Pair]:
    others = [i for i, c in enumerate(columns) if c.kind == "time" and i not in stems]
    common = min(others, key=lambda i: columns[i].rank, default=None)
    found: dict[int, list[int]] = {}
    for index, column in enumerate(columns):
        if index in stems or not _is_signal(column) or index >= len(names):
            continue
        own = [i for i, stem in stems.items() if _named(names[index], stem)]
        at = max(own, key=lambda i: len(stems[i]), default=common)
        if at is not None:
            found.setdefault(at, []).append(index)
    return [Pair(time, signals) for time, signals in sorted(found.items())]


def _by_place(columns: Sequence[Column], names: Sequence[str]) -> list[Pair]:
    times = [
        i
        for i, column in enumerate(columns[: len(names)])
        if column.kind == "time"
        or (column.kind == "" and _NUMBER.sub("", names[i]) in TIME_NAMES)
        or (names[i] == "x" and unit_named(column.unit) is not None)
    ]
    bases = {_NUMBER.sub("", names[i]) for i in times}
    if len(times) < 2 or len(bases) > 1:
        return []
    signals = [i for i, column in enumerate(columns) if _is_signal(column) and i not in times]
    pairs = [
        Pair(start, [i for i in signals if start < i < end])
        for start, end in zip(times, [*times[1:], len(names)], strict=True)
    ]
    return pairs if all(pair.signals for pair in pairs) else []
