"""Headers that are repeated between the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import FormatError
from sentio_sensors.files.table.layout import Layout

Columns = list[NDArray[Any]]


def without_headers(columns: Columns, layout: Layout, name: str) -> Columns:
    """Return columns without the rows that repeat the header, in its order.

    A program that is started again appends another header; its columns may have another order.

    Args:
        columns: Texts are object arrays, with None for missing ones.
        layout: Of the table; names in its order.
        name: Name of the file, for messages.

    Raises:
        FormatError: A header names other columns.
    """
    names = list(layout.names)
    first = next((i for i, c in enumerate(columns[: len(names)]) if c.dtype == object), None)
    if first is None or len(names) < 2:
        return columns
    known = set(names)
    rows = [i for i, cell in enumerate(columns[first]) if isinstance(cell, str) and cell in known]
    heads = [(row, _texts(columns, row, len(names))) for row in rows]
    heads = [(row, head) for row, head in heads if _is_head(head, known)]
    if not heads:
        return columns
    kept = np.ones(len(columns[0]), np.bool_)
    kept[[row for row, _ in heads]] = False
    edges = [row for row, _ in heads[1:]] + [len(columns[0])]
    ordered = [column.copy() for column in columns]
    for (row, head), end in zip(heads, edges, strict=True):
        if sorted(head) != sorted(names):
            raise FormatError(
                f"{name}: row {row + 1} is another header: {', '.join(head[:8])}",
                f"split it into one file a header: csplit -z {name} '/{head[0]}/' '{{*}}'",
            )
        if head != names:
            for place, label in enumerate(names):
                ordered[place][row:end] = columns[head.index(label)][row:end]
    return [_numbers(column[kept]) for column in ordered]


def _texts(columns: Sequence[NDArray[Any]], row: int, count: int) -> list[str]:
    """Return the cells of a row; empty ones where a column has numbers."""
    return [str(c[row] or "").strip() if c.dtype == object else "" for c in columns[:count]]


def _is_head(cells: Sequence[str], known: set[str]) -> bool:
    """Return whether most cells are names, and none is a number."""
    filled = [cell for cell in cells if cell]
    named = sum(cell in known for cell in filled)
    return len(filled) == len(cells) and named * 2 > len(cells)


def _numbers(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column of numbers as such, which the header had made one of texts."""
    import pandas

    if column.dtype != object:
        return column
    series = pandas.Series(column)
    numeric = pandas.to_numeric(series, errors="coerce")
    return numeric.to_numpy(float) if numeric.notna().sum() == series.notna().sum() else column
