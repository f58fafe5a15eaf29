"""Read the rows of a table into columns with pandas, in blocks."""

from __future__ import annotations

import csv
import io
import re
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.files.head import DAMAGED
from sentio_sensors.files.table.layout import MISSING, SPACE, Layout, is_number, typed
from sentio_sensors.files.table.repeated import without_headers

MAX_TABLE_BYTES = 1 << 30
"""Size limit of a table: it is kept in memory as numbers, with half of its size as text."""

BLOCK_CELLS = 1 << 22
"""Cells that are parsed at once."""

_TAIL = 1 << 16
"""Bytes at the end of a file in which a cut line is looked for."""

_MISSING = ["", *MISSING]

_GROUP = re.compile(r"^[+-]?\d{1,3},\d{3}$")
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(?:\.\d{3})+,\d+$")


@dataclass(slots=True)
class Grid:
    """Columns of a table.

    Attributes:
        columns: One array a column: float64 or int64, or an object array of texts and None.
        cut: The last line was cut and is left out.
        skipped: Number of lines left out because they have more cells than the table.
    """

    columns: list[NDArray[Any]]
    cut: bool = False
    skipped: int = 0

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.columns[0]) if self.columns else 0

    def numbers(self, column: int) -> NDArray[np.float64]:
        """Return a column as numbers; NaN where a cell is empty or a text."""
        values = self.columns[column]
        if values.dtype == object:
            import pandas

            values = pandas.to_numeric(pandas.Series(values), errors="coerce").to_numpy(float)
        return values.astype(np.float64, copy=False)

    def texts(self, column: int) -> int:
        """Return how many cells of a column are filled and no numbers."""
        values = self.columns[column]
        if values.dtype != object:
            return 0
        filled = sum(value is not None and str(value).strip() != "" for value in values)
        return filled - int(np.isfinite(self.numbers(column)).sum())


def read_grid(source: Path | bytes, layout: Layout, encoding: str, name: str) -> Grid:
    """Read all whole lines of a table.

    Args:
        source: The file, or its content.
        layout: From its first lines.
        encoding: Encoding of the text.
        name: Name of the file, for errors.

    Raises:
        AbsentError: pandas is not installed.
        FormatError: It is too large or has no rows.
    """
    try:
        import pandas
    except ImportError:
        raise AbsentError(
            f"{name} is a table; pandas, which reads tables, is not installed",
            "pip install 'sentio-affect[files]'",
        ) from None
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > MAX_TABLE_BYTES:
        raise FormatError(
            f"{name} has {size / 2**30:.1f} GiB of text, expected at most "
            f"{MAX_TABLE_BYTES >> 30} GiB",
            f"split it into parts: split -C 500M {name}",
        )
    try:
        blocks, skipped = _blocks(pandas, source, encoding, layout)
    except pandas.errors.ParserError as error:
        if not layout.quoted:
            raise _no_table(name, error) from None
        try:  # a quote that is never closed
            blocks, skipped = _blocks(pandas, source, encoding, replace(layout, quoted=False))
        except pandas.errors.ParserError:
            raise _no_table(name, error) from None
    except pandas.errors.EmptyDataError as error:
        raise _no_table(name, error) from None
    if not blocks:
        raise FormatError(f"{name} has no rows", f"look into it: head {name}")
    grid = Grid([_joined([block[i] for block in blocks]) for i in range(layout.columns)])
    grid = Grid(without_headers(grid.columns, layout, name))
    if len(grid) > 1 and _is_cut(source, layout, encoding):
        grid = Grid([column[:-1] for column in grid.columns], cut=True)
    grid.skipped = skipped
    return grid


def _no_table(name: str, error: Exception) -> FormatError:
    return FormatError(f"{name} is not a table: {error}", f"look into it: head {name}")


def _blocks(
    pandas: Any, source: Path | bytes, encoding: str, layout: Layout
) -> tuple[list[list[NDArray[Any]]], int]:
    """Return the columns of all blocks of rows, and the number of lines left out."""
    with _opened(source, encoding) as file, warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        for _ in range(layout.skip):
            file.readline()
        blocks = [_block(pandas, frame, layout) for frame in _frames(pandas, file, layout)]
        return blocks, sum(str(remark.message).count("Skipping line") for remark in remarks)


class _WithoutZeros(io.RawIOBase):
    """Bytes of a text whose zero bytes are replaced by ``DAMAGED``."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._source.read(len(buffer)).replace(b"\0", DAMAGED.encode())
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._source.close()
        super().close()


def _opened(source: Path | bytes, encoding: str) -> IO[str]:
    raw: Any = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    if not encoding.startswith(("utf-16", "utf-32")):
        raw = io.BufferedReader(_WithoutZeros(raw), 1 << 20)
    return io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline=None)


def _frames(pandas: Any, file: IO[str], layout: Layout) -> Any:
    return pandas.read_csv(
        file,
        sep=layout.delimiter,
        header=None,
        names=range(layout.columns),
        index_col=False,
        decimal=layout.decimal if layout.delimiter != layout.decimal else ".",
        engine="c",
        on_bad_lines="warn",
        quotechar=layout.quote,
        quoting=csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE,
        skipinitialspace=layout.delimiter != SPACE,
        keep_default_na=False,
        na_values=_MISSING,
        chunksize=max(256, BLOCK_CELLS // layout.columns),
        low_memory=False,
    )


def _block(pandas: Any, frame: Any, layout: Layout) -> list[NDArray[Any]]:
    """Return the columns of some rows: numbers where all cells are, else texts."""
    columns: list[NDArray[Any]] = []
    for index in range(layout.columns):
        series = frame[index]
        if pandas.api.types.is_bool_dtype(series):
            series = series.astype(float)
        elif not pandas.api.types.is_numeric_dtype(series):
            texts = series.astype(object).map(_typed)
            texts = texts.map(_with_point if layout.decimal == "," else _without_comma)
            texts = texts.astype(object).where(series.notna(), None)
            numeric = pandas.to_numeric(texts, errors="coerce")
            if int(numeric.notna().sum()) == int(series.notna().sum()):
                series = numeric
            else:
                columns.append(texts.to_numpy(object))
                continue
        array = series.to_numpy()
        columns.append(array if array.dtype == np.int64 else array.astype(np.float64))
    return columns


def _typed(cell: object) -> object:
    return typed(cell) if isinstance(cell, str) and is_number(cell) else cell


def _without_comma(cell: object) -> object:
    """Return ``1,234`` without its comma; the decimal point is another character."""
    return cell.replace(",", "") if isinstance(cell, str) and _GROUP.match(cell) else cell


def _with_point(cell: object) -> object:
    """Return ``1,5`` and ``1.234,5`` with a decimal point; others unchanged."""
    if not isinstance(cell, str) or cell.count(",") != 1:
        return cell
    if _THOUSANDS.match(cell):
        return cell.replace(".", "").replace(",", ".")
    return typed(cell).replace(",", ".") if is_number(cell, ",") else cell


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    if any(part.dtype == object for part in parts):
        return np.concatenate([part.astype(object) for part in parts])
    if all(part.dtype == np.int64 for part in parts):
        return np.concatenate(parts)
    return np.concatenate([part.astype(np.float64) for part in parts])


def _is_cut(source: Path | bytes, layout: Layout, encoding: str) -> bool:
    """Return whether the last line is incomplete."""
    if isinstance(source, bytes):
        tail = source[-_TAIL:]
    else:
        with source.open("rb") as file:
            file.seek(max(0, source.stat().st_size - _TAIL))
            tail = file.read()
    if encoding.startswith("utf-16") and len(tail) == _TAIL:
        encoding = "utf-16-be" if tail[:2].startswith(b"\0") else "utf-16-le"
    text = tail.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in text.split("\n")[1 if len(tail) == _TAIL else 0 :] if line.strip()]
    if len(lines) < 2:
        return False
    counts = [_count(line, layout) for line in lines[-40:]]
    if counts[-1] < min(counts[:-1]):
        return True
    if text.endswith("\n") or len(lines) < 5:
        return False
    before = {_decimals(line, layout) for line in lines[-21:-1]}
    return len(before) == 1 and _decimals(lines[-1], layout) < min(before)


def _count(line: str, layout: Layout) -> int:
    return len(line.split()) if layout.delimiter == SPACE else line.count(layout.delimiter)


def _decimals(line: str, layout: Layout) -> int:
    cell = line.split()[-1] if layout.delimiter == SPACE else line.split(layout.delimiter)[-1]
    return len(cell.rstrip().rpartition(layout.decimal)[2]) if layout.decimal in cell else 0
