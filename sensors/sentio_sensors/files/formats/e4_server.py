"""Reader of the lines that clients of Empatica's E4 streaming server receive.

Lines: ``E4_Bvp 1490000000.123 31.128``, in Unix seconds; acceleration in 1/64 g. Specification:
Empatica, "E4 streaming server", data stream packets.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from sentio_sensors.files.content import FileChannel, FileContent, Hints
from sentio_sensors.files.head import Head
from sentio_sensors.files.line_log import MOST, Samples, first_lines, lines_of
from sentio_sensors.files.table.times import rate_of

NAME = "E4 streaming server"


class _Kind(NamedTuple):
    name: str
    kind: str
    labels: tuple[str, ...]
    unit: str


KINDS = {
    "bvp": _Kind("bvp", "PPG", ("bvp",), ""),
    "gsr": _Kind("eda", "EDA", ("eda",), "uS"),
    "temperature": _Kind("temp", "TEMP", ("temp",), "degC"),
    "tmp": _Kind("temp", "TEMP", ("temp",), "degC"),
    "acc": _Kind("acc", "ACCEL", ("x", "y", "z"), "1/64g"),
    "ibi": _Kind("ibi", "rr", ("ibi",), "s"),
    "hr": _Kind("hr", "heart_rate", ("hr",), "bpm"),
}
"""Kinds of data that are read, by the word after ``E4_`` in lower case."""

_TAG = "tag"
_LINE = re.compile(r"^\s*\"?E4_(?P<word>[A-Za-z]+)\"?(?P<mark>\s*[,;\t]\s*|\s+)(?P<rest>\S.*)$")
_ANSWER = re.compile(r"^\s*R\s+\w+")
_COMMA = re.compile(r"^-?\d+,\d+$")


def matches(head: Head) -> bool:
    """Return whether lines are data of an E4, and answers of the server."""
    lines = first_lines(head)
    data = sum(bool(_LINE.match(line)) for line in lines)
    answers = sum(bool(_ANSWER.match(line)) for line in lines)
    return data > 0 and data + answers > MOST * len(lines)


def read(head: Head, hints: Hints) -> FileContent:
    """Read all signals, intervals between beats, heart rate and tags."""
    content = FileContent(NAME)
    found: dict[str, Samples] = {}
    tags: list[float] = []
    damaged = 0
    for line in lines_of(head):
        parts = _LINE.match(line)
        if parts is None:
            damaged += bool(line.strip()) and _ANSWER.match(line) is None
            continue
        word = parts["word"].lower()
        kind = KINDS.get(word)
        if kind is None and word != _TAG:
            continue  # the battery
        try:
            time, *values = _numbers(parts["rest"], parts["mark"].strip())
            if not 1e9 < time < 1e11:
                raise ValueError("no Unix time")
            if kind is None:
                tags.append(time)
            else:
                found.setdefault(kind.name, Samples(len(kind.labels))).add(time, values)
        except ValueError:
            damaged += 1
    for kind in dict.fromkeys(KINDS.values()):
        if kind.name in found:
            regular = kind.kind not in ("rr", "heart_rate")
            times, rows = found[kind.name].arrays(even=regular)
            channels = tuple(FileChannel(label, kind.unit, kind.kind) for label in kind.labels)
            rate = rate_of(times) if regular else 0.0
            content.add(kind.name, kind.kind, rate, channels, times, rows)
    if tags:
        content.add_markers(np.array(tags), [f"tag{i + 1}" for i in range(len(tags))])
    if damaged:
        content.notes.append(f"lines that are cut or damaged, which are left out: {damaged}")
    return content


def _numbers(text: str, mark: str) -> list[float]:
    """Return the numbers of a line; some systems write them with decimal commas.

    Raises:
        ValueError: A cell is not a number.
    """
    cells = text.split(mark) if mark else text.split()
    cells = [cell.strip().strip('"') for cell in cells]
    return [float(cell.replace(",", ".") if _COMMA.match(cell) else cell) for cell in cells if cell]
