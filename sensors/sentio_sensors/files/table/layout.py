"""Layout of a table: delimiter, decimal point, header and units."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sentio_sensors.errors import FormatError
from sentio_sensors.files.table.rules import TIME_NAMES, bare, plain, split_unit

MAX_COLUMNS = 4096
"""Limit of columns."""

LINES = 200
"""Lines that are considered."""

LEAD = 30
"""Lines in which a second header is looked for."""

DELIMITERS = (";", "\t", "|", ",")
"""In order of preference: a comma may be a decimal point where another delimiter is used."""

SPACE = r"\s+"
"""Delimiter of columns that are separated by spaces."""

MISSING = frozenset(
    ("NA", "N/A", "n/a", "#N/A", "#NA", "nan", "NaN", "NAN", "null", "NULL", "None", "none", "-",
     "--", "?", "#VALUE!", "#DIV/0!", "#NUM!", "<NA>")
)  # fmt: skip
"""Cells that state a missing value, beside empty ones."""

_TYPED = {ord("\u2212"): "-", ord("\u2013"): "-", ord("\u00a0"): None, ord("\u202f"): None,
          ord("\u2009"): None}  # fmt: skip
"""Minus signs and the spaces between thousands."""

_COMMENT = re.compile(r"^\s*(?:#|%|//|\"?sep=)")
_SINGLE = re.compile(r"^\s*'[^']*'(?:\s*[,;\t|]\s*'[^']*')+\s*$")
"""A header whose cells are in single quotes, as of PhysioNet."""

_DECIMAL_COMMA = re.compile(r"^[+-]?\d+,\d+(?:[eE][+-]?\d+)?$")
_DECIMAL_POINT = re.compile(r"^[+-]?\d+\.\d+(?:[eE][+-]?\d+)?$")
_TIME = re.compile(
    r"^(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ].*)?|\d{1,3}:\d{1,2}(?::\d{1,2})?.*)$"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Layout of a table.

    Attributes:
        delimiter: One of ``DELIMITERS``, or ``SPACE``.
        decimal: ``.`` or ``,``.
        skip: Number of lines before the first row.
        names: Names of the columns; empty without a header.
        units: Units from a second header line; empty if there is none.
        columns: Number of columns of the rows, including unnamed ones at the end.
        comments: Lines before the header.
        quoted: Whether cells are in quotes.
        first: Cells of the first row.
        quote: Character around cells.
    """

    delimiter: str
    decimal: str
    skip: int
    names: tuple[str, ...]
    units: tuple[str, ...]
    columns: int
    comments: tuple[str, ...]
    quoted: bool
    first: tuple[str, ...]
    quote: str = '"'


def layout_of(lines: Sequence[str]) -> Layout | None:
    """Return the layout of a table, or None if the lines are not a table.

    Args:
        lines: The first lines; the last one may be cut and is not considered if there are more.

    Raises:
        FormatError: It has too many columns.
    """
    lines = lines[: LINES + 1]
    whole = list(lines[:-1]) if len(lines) > 1 else list(lines)
    stated = next((m[1] for line in whole[:3] if (m := re.match(r'^"?sep=(.)', line))), None)
    body = [(n, line) for n, line in enumerate(whole) if line.strip() and not _COMMENT.match(line)]
    if not body:
        return None
    quote = "'" if _SINGLE.match(body[0][1]) else '"'
    body = [(n, line.replace(quote, '"')) for n, line in body]
    delimiter = "\t" if stated == "\t" else stated or _delimiter([line for _, line in body])
    quoted = any('"' in line for _, line in body)
    cells = [(n, _cells(line, delimiter)) for n, line in body]
    decimal = _decimal([row for _, row in cells], delimiter)
    first = next((i for i, (_, row) in enumerate(cells) if is_row(row, decimal)), None)
    if first is None:
        return None
    first = _second_table(cells, _after_settings(cells, first, decimal), decimal)
    if first > 0 and cells[first - 1][1] in [row for _, row in cells[: first - 1]]:
        first = next(i for i, (_, row) in enumerate(cells) if is_row(row, decimal))  # repeated
    rows = [row for _, row in cells[first:]]
    columns = max(Counter(map(len, rows)).most_common(1)[0][0], len(rows[0]))
    names, units, header_at = _header([row for _, row in cells[:first]], columns)
    if not names:
        names = _commented(whole[: cells[first][0]], delimiter, columns)
    if len(names) == columns - 1 and _has_row_names(rows):
        names, units = ("", *names), ("", *units) if units else ()
    columns = max(columns, len(names))
    if columns > MAX_COLUMNS:
        raise FormatError(
            f"a table of {columns} columns, expected at most {MAX_COLUMNS}",
            "keep the columns that are of use: cut -d, -f1-64 FILE",
        )
    skip = cells[first][0]
    before = whole[: cells[header_at][0]] if header_at is not None else whole[:skip]
    return Layout(
        delimiter, decimal, skip, names, units, columns, tuple(before), quoted, tuple(rows[0]),
        quote,
    )  # fmt: skip


_GROUPED = re.compile(r"^[+-]?\d{1,3}(?:[ '\u2019]\d{3})+(?:[.,]\d+)?$")
"""Thousands apart by spaces or apostrophes."""

_COMMAS = re.compile(r"^[+-]?\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})$")
"""Thousands apart by commas, which cannot be a decimal one."""


def is_number(cell: str, decimal: str = ".") -> bool:
    """Return whether a cell is a number."""
    cell = typed(cell)
    try:
        float(cell.replace(",", ".") if decimal == "," else cell)
    except ValueError:
        return False
    return True


def typed(cell: str) -> str:
    """Return a number with a hyphen as minus and without spaces."""
    cell = cell if cell.isascii() else cell.translate(_TYPED)
    if _GROUPED.match(cell):
        return re.sub(r"[ '\u2019]", "", cell)
    return cell.replace(",", "") if _COMMAS.match(cell) else cell


def is_row(row: Sequence[str], decimal: str) -> bool:
    """Return whether at least half of the cells are numbers or times."""
    known = [cell.strip() for cell in row if cell.strip() and cell.strip() not in MISSING]
    good = sum(1 for c in known if is_number(c, decimal) or _TIME.match(c))
    return bool(known) and good * 2 >= len(known)


def _second_table(cells: list[tuple[int, list[str]]], first: int, decimal: str) -> int:
    """Return the first row of the table after one about the session.

    Its header is a line of texts only, one of which names a time.
    """
    for index in range(min(LEAD, len(cells) - 2), first, -1):
        texts = [cell for cell in cells[index][1] if cell]
        timed = any(plain(split_unit(text)[0]) in TIME_NAMES for text in texts)
        if timed and len(texts) > 1 and not any(
            is_number(text, decimal) or _TIME.match(text) for text in texts
        ):  # fmt: skip
            return index + 1
    return first


def _after_settings(cells: list[tuple[int, list[str]]], first: int, decimal: str) -> int:
    """Return the first row after lines of a name and a value.

    Such a line, ``Sample Rate,512 hertz``, has two cells, the first of them a text; most later
    lines begin with a number, or have another number of cells.
    """
    later = [row for _, row in cells[len(cells) // 2 :]]
    width = Counter(map(len, later)).most_common(1)[0][0]
    begun = sum(is_row(row[:1], decimal) for row in later)
    at = first
    while _is_setting(cells[at][1], decimal) and (width != 2 or begun * 10 >= 8 * len(later)):
        at = next((i for i in range(at + 1, len(cells)) if is_row(cells[i][1], decimal)), -1)
        if at < 0:
            return first
    return at


def _is_setting(row: Sequence[str], decimal: str) -> bool:
    return len(row) == 2 and bool(row[0]) and not is_row(row[:1], decimal)


def _delimiter(lines: list[str]) -> str:
    spaced = [line.split() for line in lines]
    commas = [len(row) > 1 and all(_DECIMAL_COMMA.match(c) for c in row) for row in spaced]
    if sum(commas) * 10 >= 8 * len(lines) and not any(d in lines[-1] for d in DELIMITERS[:-1]):
        return SPACE
    for delimiter in DELIMITERS:
        counts = Counter(len(_cells(line, delimiter)) for line in lines)
        count, often = counts.most_common(1)[0]
        if count > 1 and often * 10 >= 8 * len(lines):
            return delimiter
    # Rows of several kinds, as of event logs: the delimiter that splits most lines.
    split = {d: sum(d in line for line in lines) for d in DELIMITERS}
    best = max(split, key=lambda d: split[d])
    if split[best] * 10 >= 8 * len(lines):
        return best
    return SPACE if sum(len(line.split()) > 1 for line in lines) * 10 >= 8 * len(lines) else ","


def _has_row_names(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether rows begin with a running number, which R does not name."""
    first = [row[0] for row in rows if row and row[-1]]
    numbers = [int(cell) for cell in first if re.fullmatch(r"\d{1,9}", cell)]
    running = all(b - a == 1 for a, b in zip(numbers[:-1], numbers[1:], strict=True))
    return len(rows) == len(numbers) > 1 and running


def _cells(line: str, delimiter: str) -> list[str]:
    if delimiter == SPACE and '"' not in line:
        return line.split()
    separator = " " if delimiter == SPACE else delimiter
    if '"' not in line:
        return [cell.strip() for cell in line.split(delimiter)]
    try:
        rows = list(csv.reader([line], delimiter=separator, skipinitialspace=True))
    except csv.Error:  # a cell beyond the limit of the csv module
        return [cell.strip() for cell in line.split(separator)]
    return [cell.strip() for cell in rows[0]] if rows else [""]


def _decimal(rows: list[list[str]], delimiter: str) -> str:
    cells = [cell for row in rows for cell in row]
    commas = sum(bool(_DECIMAL_COMMA.match(cell)) for cell in cells)
    points = sum(bool(_DECIMAL_POINT.match(cell)) for cell in cells)
    if any(cell.count(".") == 1 and _COMMAS.match(cell) for cell in cells):
        return "."
    return "," if commas > points else "."


def _header(
    above: list[list[str]], columns: int
) -> tuple[tuple[str, ...], tuple[str, ...], int | None]:
    """Return names, units, and index of the line with the names."""
    while above and _is_form(above[-1]):
        above = above[:-1]
    if len(above) > 1 and _is_form(above[-2]):  # names, form, units
        above = [*above[:-2], above[-1]]
    if not above or not any(above[-1]):
        return (), (), None
    last = above[-1]
    if columns == 1 < len(last):
        return (), (), None  # a name and a value of what was recorded
    second = above[-2] if len(above) > 1 else []
    both = abs(len(second) - len(last)) <= 1 and len(second) > 1
    if both and _is_units(last, second):
        return tuple(second), tuple(last), len(above) - 2
    return tuple(last), (), len(above) - 1


def _commented(before: Sequence[str], delimiter: str, columns: int) -> tuple[str, ...]:
    """Return the names of a header that is a comment, as NumPy writes it; else empty."""
    for line in reversed(before):
        if _COMMENT.match(line):
            names = _cells(re.sub(r"^\s*(?:#+|%+|//)\s*", "", line), delimiter)
            good = len(names) == columns > 1 and all(names)
            if good and not any(is_number(n) for n in names):
                return tuple(names)
    return ()


def _is_form(row: Sequence[str]) -> bool:
    """Return whether a line of a header states what is calibrated and what is raw."""
    return bool(row) and all(cell.lower() in ("cal", "raw", "uncal") for cell in row)


_DATE_FORM = re.compile(r"^(?:y{2,4}|d{1,2}|m{1,2}|h{1,2})[-/.: ]", re.IGNORECASE)

_UNITS = frozenset(
    """ms s us µs μs ns sec secs seconds msec msecs mv v uv µv μv volt volts mvolt mvolts uvolts
    usiemens microsiemens us/cm ohms kohm kohms counts count
    ohm ohms kω ω m/(s^2) m/s^2 m/s2 m/s² deg/s dps degc °c c celsius degrees_celsius
    degreescelsius g bpm hz au a.u. no_units no units n.u. % mmhg mbar utesla local_flux""".split()
)


def _is_units(last: list[str], names: list[str]) -> bool:
    """Return whether a header's second line contains units."""
    known = [bare(cell).lower() for cell in last]
    hits = sum(cell in _UNITS or bool(_DATE_FORM.match(cell)) for cell in known if cell)
    return hits * 2 > sum(bool(cell) for cell in known) and last != names
