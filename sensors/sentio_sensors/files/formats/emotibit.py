"""Reader of EmotiBit: CSV files of its DataParser, and its raw file.

Kinds: https://github.com/EmotiBit/EmotiBit_Docs, table of type tags.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from sentio_sensors.errors import FormatError
from sentio_sensors.files.content import FileChannel, FileContent, Hints
from sentio_sensors.files.formats.tables import table_layout, with_rules
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.rules import Column
from sentio_sensors.files.table.streams import Table
from sentio_sensors.files.table.times import rate_of, spread

NAME = "EmotiBit"

MAX_RAW_BYTES = 512 << 20
"""Size limit of a raw file, which is read line by line."""


class _Tag(NamedTuple):
    kind: str
    label: str
    unit: str


TAGS = {
    "PI": _Tag("PPG", "infrared", ""),
    "PR": _Tag("PPG", "red", ""),
    "PG": _Tag("PPG", "green", ""),
    "EA": _Tag("EDA", "eda", "uS"),
    "T1": _Tag("TEMP", "t1", "degC"),
    "TH": _Tag("TEMP", "thermopile", "degC"),
    "AX": _Tag("ACCEL", "x", "g"),
    "AY": _Tag("ACCEL", "y", "g"),
    "AZ": _Tag("ACCEL", "z", "g"),
    "BI": _Tag("rr", "ibi", "ms"),
    "HR": _Tag("heart_rate", "hr", "bpm"),
}
"""Kinds of data that are read; the others are derived, or have no use here."""

_PARSED = ("LocalTimestamp", "EmotiBitTimestamp", "PacketNumber")
_RAW = re.compile(r"^\d+(\.\d+)?,\d+,\d+,[A-Z][A-Z0-9]%?,\d+,\d+")


def matches(head: Head) -> bool:
    """Return whether the file is one of EmotiBit."""
    layout = table_layout(head)
    if layout is not None and layout.names[:3] == _PARSED:
        return True
    lines = [line for line in head.lines[:20] if line]
    return len(lines) > 2 and sum(bool(_RAW.match(line)) for line in lines) > len(lines) * 0.8


def read(head: Head, hints: Hints) -> FileContent:
    """Read one kind of data, or all kinds of a raw file."""
    layout = table_layout(head)
    if layout is not None and layout.names[:3] == _PARSED:
        return with_rules(head, Table(NAME, _rule), hints)
    return _raw(head)


def _rule(header: str, unit: str) -> Column:
    if header == "LocalTimestamp":
        return Column(header, "s", "time")
    if header == "EmotiBitTimestamp":
        return Column(header, "ms", "time", rank=1)
    tag = TAGS.get(header)
    return Column(tag.label, tag.unit, tag.kind) if tag else Column(header, unit, "ignored")


def _raw(head: Head) -> FileContent:
    """Read the raw file: each line is a packet with the stamp of its last sample."""
    if head.size > MAX_RAW_BYTES:
        raise FormatError(
            f"{head.path.name} has over {MAX_RAW_BYTES >> 20} MiB",
            "convert it with EmotiBit DataParser, and name the CSV of a kind",
        )
    times: dict[str, list[float]] = {}
    values: dict[str, list[float]] = {}
    marks: list[tuple[float, str]] = []
    damaged = 0
    with head.path.open(encoding=head.encoding, errors="replace") as file:
        for line in file:
            cells = line.rstrip("\n").split(",")
            try:
                stamp, count, tag = float(cells[0]) * 1e-3, int(cells[2]), cells[3]
                if tag == "UN":
                    marks.append((stamp, ",".join(cells[6:])))
                elif tag in TAGS:
                    data = [float(cell) for cell in cells[6 : 6 + count]]
                    if len(data) != count:
                        raise ValueError("cut")
                    times.setdefault(tag, []).extend([stamp] * count)
                    values.setdefault(tag, []).extend(data)
            except (ValueError, IndexError):
                damaged += 1
    content = FileContent(NAME)
    for tag, data in values.items():
        kind, label, unit = TAGS[tag]
        at = spread(np.array(times[tag]))
        rate = 0.0 if kind in ("rr", "heart_rate") else rate_of(at)
        content.add(tag.lower(), kind, rate, (FileChannel(label, unit, kind),), at, np.array(data))
    if marks:
        content.add_markers(np.array([t for t, _ in marks]), [text for _, text in marks], "notes")
    if damaged:
        content.notes.append(f"{damaged} lines are cut or damaged and are left out")
    return content
