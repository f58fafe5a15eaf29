"""Reader of Empatica E4: folder, ZIP archive, CSV file, or arrays in NPZ.

Each CSV begins with the start (Unix seconds) and the rate; ``IBI.csv`` has pairs of time and
interval, ``tags.csv`` one time a line. ``HR.csv`` is a mean of 10 s over the whole session that
Empatica's software computed, and is left out.
"""

from __future__ import annotations

import io
import math
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import FormatError
from sentio_sensors.files.content import FileChannel, FileContent, Hints, evenly
from sentio_sensors.files.formats.e4_dialect import plain_lines
from sentio_sensors.files.head import Head, encoding_of

NAME = "Empatica E4"


class _Signal(NamedTuple):
    kind: str
    labels: tuple[str, ...]
    unit: str


SIGNALS = {
    "BVP": _Signal("PPG", ("bvp",), ""),
    "EDA": _Signal("EDA", ("eda",), "uS"),
    "TEMP": _Signal("TEMP", ("temp",), "degC"),
    "ACC": _Signal("ACCEL", ("x", "y", "z"), "1/64g"),
}
"""Regular signals, with the unit in which the device writes them."""

_WIDTH = {key: len(signal.labels) for key, signal in SIGNALS.items()} | {"IBI": 2, "tags": 1}
"""Cells of a line of each file."""

_FILES = frozenset({"bvp.csv", "eda.csv", "temp.csv", "acc.csv", "ibi.csv"})
_AVERAGES = re.compile(r"(?:^|[^A-Za-z])HR\.csv$", re.IGNORECASE)
_RENAMED = re.compile(r"^(.*(?<![a-z]))(bvp|eda|temp|acc|ibi|tags)((?: ?\(\d+\))?)\.csv$")
_LINE = re.compile(r"^\s*-?\d[\d.eE+-]*(?:\s*,\s*-?\d[\d.eE+-]*)*\s*$")


def matches(head: Head) -> bool:
    """Return whether the file is a session, or one of its CSV files."""
    found = _FILES & set(head.names)
    if len(found) >= 2 or (found and head.is_folder):
        return True
    if head.is_folder:
        names = [name for key, name in _renamed(head).items() if key in SIGNALS]
        return len(names) >= 2 and _matches_csv(Head(head.path / names[0]))
    return _matches_csv(head)


def _renamed(head: Head) -> dict[str, str]:
    """Return the files of a folder's only session, as ``P01_BVP.csv``, by key."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name, full in head.names.items():
        parts = _RENAMED.match(name)
        if parts is not None:
            key = "tags" if parts[2] == "tags" else parts[2].upper()
            found.setdefault((parts[1], parts[3]), {})[key] = full
    return next(iter(found.values())) if len(found) == 1 else {}


def _key(path: Path) -> str | None:
    """Return ``IBI`` or ``tags`` for a name such as ``P01_IBI.csv``, else None."""
    ending = re.search(r"(?:^|[^a-z])(ibi|tags)\.csv$", path.name.lower())
    return None if ending is None else {"ibi": "IBI", "tags": "tags"}[ending[1]]


def _matches_csv(head: Head) -> bool:
    first_lines = [line for line in head.lines[:8] if line.strip()]
    if _AVERAGES.search(head.path.name):
        lines = plain_lines(first_lines, 1)
        return bool(re.match(r"1\d{9}(\.\d+)? 1(\.0+)? ", " ".join(lines)))
    key = _key(head.path)
    if key is not None:
        lines = plain_lines(first_lines, _WIDTH[key])
        return bool(lines) and bool(re.match(r"^\s*1\d{9}(\.\d+)?\s*(,\s*IBI)?\s*$", lines[0]))
    signal = _signal(head)
    lines = plain_lines(first_lines, _WIDTH.get(str(signal), 3))
    if len(head.lines) < 4 or len(lines) < 3 or not all(_LINE.match(line) for line in lines[:3]):
        return False
    start, rate, first = (_cells(line) for line in lines[:3])
    same = len(start) == len(rate) == len(first) and len(set(start)) == len(set(rate)) == 1
    return same and 1e9 < start[0] < 4e9 and 0 < rate[0] <= 1024 and signal is not None


def _signal(head: Head) -> str | None:
    name = head.path.stem.upper()
    found = next((key for key in SIGNALS if key in name), None)
    three = len(_cells(plain_lines(head.lines[:1], 3)[0])) == 3
    return found or ("ACC" if three else None)


def read(head: Head, hints: Hints) -> FileContent:
    """Read a session, or one of its CSV files.

    Raises:
        FormatError: An archive holds several sessions.
    """
    content = FileContent(NAME)
    if not head.names:
        if _AVERAGES.search(head.path.name):
            raise FormatError(
                f"{head.path.name} has means of 10 s that Empatica computed from BVP",
                f"read the beats: sentio inspect {head.path.parent}",
            )
        key = _key(head.path) or _signal(head)
        _add(content, str(key), _text(head.path.read_bytes()))
        return content
    found = (re.split(r"[/\\]", name) for name in head.listed)
    folders = sorted({"/".join(parts[:-1]) for parts in found if parts[-1].lower() == "bvp.csv"})
    if len(folders) > 1:
        raise FormatError(
            f"{head.path.name} holds {len(folders)} sessions: {', '.join(folders[:4])}",
            f"unpack it and name one: unzip {head.path} -d {head.path.stem} && sentio inspect "
            f"{head.path.stem}/{folders[0]}",
        )
    files = {key: f"{key.lower()}.csv" for key in (*SIGNALS, "IBI", "tags")}
    if not _FILES & set(head.names):
        files = {key: name.lower() for key, name in _renamed(head).items()}
    for key, name in files.items():
        if name in head.names:
            try:
                _add(content, key, _text(head.member(name)))
            except (ValueError, FormatError) as error:  # the other signals are of use
                content.notes.append(f"{key}.csv is damaged and left out: {str(error)[:120]}")
    if "hr.csv" in head.names:
        content.notes.append("HR.csv is left out: its means of 10 s were computed from BVP")
    return content


def _add(content: FileContent, key: str, text: str) -> None:
    lines = [line for line in text.split("\n") if line.strip()]
    lines = plain_lines(lines, _WIDTH[key])
    if not lines:
        content.notes.append(f"{key} is empty")
    elif key == "IBI":
        _add_intervals(content, lines)
    elif key == "tags":
        found = np.array([float(line) for line in lines])
        times = found[found > 1e9]  # a smaller one is cut
        content.add_markers(times, [f"tag{i + 1}" for i in range(len(times))])
    else:
        _add_signal(content, key, lines, whole=text.endswith("\n"))


def _add_signal(content: FileContent, key: str, lines: list[str], whole: bool) -> None:
    signal = SIGNALS[key]
    if len(lines) < 3:
        content.notes.append(f"{key} has no samples")
        return
    start, rate = _number(lines[0], key), _number(lines[1], key)
    check_rate(rate, start, key)
    if not whole and len(lines) > 3 and _shape(lines[-1]) != _shape(lines[-2]):
        lines.pop()
        content.notes.append(f"the last line of {key} is cut and is left out")
    try:
        values = np.loadtxt(io.StringIO("\n".join(lines[2:])), delimiter=",", ndmin=2)
    except ValueError:
        values, damaged = _good(lines[2:])
        content.notes.append(f"lines of {key} that are not numbers, which are left out: {damaged}")
    add_signal(content, key, signal, values, start, rate)


def _shape(line: str) -> tuple[int, int]:
    """Return the number of cells of a line, and the decimals of the last one."""
    return line.count(","), len(line.partition(".")[2]) if line.count(".") == 1 else 0


def _good(lines: list[str]) -> tuple[NDArray[np.float64], int]:
    """Return the values of all lines, NaN where one is damaged, and how many are.

    Raises:
        FormatError: Most lines are damaged.
    """
    rows = [_cells(line) for line in lines]
    width = max(map(len, rows))
    damaged = sum(len(row) != width for row in rows)
    if not width or damaged * 2 > len(rows):
        raise FormatError("most lines are not numbers", "export the session again")
    missing = [math.nan] * width
    return np.array([row if len(row) == width else missing for row in rows]), damaged


def add_signal(
    content: FileContent,
    key: str,
    signal: _Signal,
    values: NDArray[np.float64],
    start: float,
    rate: float,
) -> None:
    """Add a regular signal.

    Raises:
        FormatError: It has another number of columns.
    """
    if values.shape[1] != len(signal.labels):
        raise FormatError(
            f"{key} has {values.shape[1]} columns, expected {len(signal.labels)}",
            "export the session again, or leave this file out of the folder",
        )
    channels = tuple(FileChannel(label, signal.unit, signal.kind) for label in signal.labels)
    times = evenly(start, len(values), rate)
    content.add(key.lower(), signal.kind, rate, channels, times, values)


def _add_intervals(content: FileContent, lines: list[str]) -> None:
    """Add intervals between beats, each at the beat that ends it."""
    start = _number(lines[0].split(",")[0], "IBI")
    rows = [cells for line in lines[1:] if len(cells := _cells(line)) == 2]
    if rows:
        table = np.array(rows)
        channel = FileChannel("ibi", "s", "rr")
        content.add("ibi", "rr", 0.0, (channel,), start + table[:, 0], table[:, 1])


def check_rate(rate: float, start: float, name: str) -> None:
    """Check rate and start of a signal.

    Raises:
        FormatError: The rate is not within 0..100,000 Hz or the start is not a time.
    """
    if not (0 < rate <= 1e5) or not math.isfinite(start) or abs(start) > 1e11:
        raise FormatError(
            f"{name} states {rate:g} Hz from {start:g} s on, expected a rate above 0 and a "
            "Unix time in seconds",
            "export the session again",
        )


def _cells(line: str) -> list[float]:
    try:
        return [float(cell) for cell in line.split(",")]
    except ValueError:
        return []


def _number(line: str, key: str) -> float:
    """Return the first number of a line.

    Raises:
        FormatError: It has none.
    """
    cells = _cells(line)
    if not cells:
        raise FormatError(
            f"{key} begins with {line[:40]!r}, expected a time and a rate",
            "export the session again, or leave this file out of the folder",
        )
    return cells[0]


def _text(data: bytes) -> str:
    encoding = encoding_of(data[: 1 << 16])
    if encoding is None:
        raise FormatError("a CSV file of the session is binary", "export the session again")
    text = data.decode(encoding, "replace").lstrip("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")
