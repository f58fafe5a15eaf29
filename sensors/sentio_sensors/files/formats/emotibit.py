"""Reader of EmotiBit: CSV files of its DataParser, and its raw file.

Kinds: https://github.com/EmotiBit/EmotiBit_Docs, table of type tags.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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

_AXES = ("AX", "AY", "AZ")

BACK_S = 5.0
"""Step back of the device's clock that is a start of the device."""

PAUSE_S = 1.0
"""Pause between the parts of a device that was switched on again."""

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
    stamps: list[float] = []
    packets: dict[str, list[tuple[int, list[float]]]] = {}
    marks: list[tuple[int, str]] = []
    damaged = 0
    with head.path.open(encoding=head.encoding, errors="replace") as file:
        for line in file:
            cells = line.rstrip("\n").split(",")
            try:
                stamp, count, tag = float(cells[0]) * 1e-3, int(cells[2]), cells[3]
                if tag == "UN":
                    marks.append((len(stamps), ",".join(cells[6:])))
                elif tag in TAGS:
                    data = [float(cell) for cell in cells[6 : 6 + count]]
                    if len(data) != count:
                        raise ValueError("cut")
                    packets.setdefault(tag, []).append((len(stamps), data))
                stamps.append(stamp)
            except (ValueError, IndexError):
                damaged += 1
    content = FileContent(NAME)
    times, restarts = _joined(stamps)
    if restarts:
        content.notes.append(f"it was switched on again: parts that follow one another: {restarts}")
    found: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    for tag, parts in packets.items():
        counts = [len(data) for _, data in parts]
        at = np.repeat(times[[line for line, _ in parts]], counts)
        values = np.array([value for _, data in parts for value in data])
        # The stamp is that of the last sample of a packet; the others come before it.
        order = np.argsort(at, kind="stable")
        found[tag] = (-spread(-at[order][::-1])[::-1], values[order])
    acceleration = _acceleration(found)
    if acceleration is not None:
        at, values = acceleration
        channels = tuple(FileChannel(TAGS[tag].label, "g", "ACCEL") for tag in _AXES)
        content.add("acc", "ACCEL", rate_of(at), channels, at, values)
        found = {tag: part for tag, part in found.items() if tag not in _AXES}
    for tag, (at, values) in found.items():
        kind, label, unit = TAGS[tag]
        rate = 0.0 if kind in ("rr", "heart_rate") else rate_of(at)
        content.add(tag.lower(), kind, rate, (FileChannel(label, unit, kind),), at, values)
    if marks:
        lines = [line for line, _ in marks]
        content.add_markers(times[lines], [text for _, text in marks], "notes")
    if damaged:
        content.notes.append(f"{damaged} lines are cut or damaged and are left out")
    return content


def _joined(stamps: list[float]) -> tuple[NDArray[np.float64], int]:
    """Put parts one after another, and return how often the clock started again.

    Packets of several kinds are written in no strict order, so only a long step back is a start.
    """
    joined: list[float] = []
    top, end, offset, restarts = -np.inf, -np.inf, 0.0, 0
    for index, stamp in enumerate(stamps):
        low = top - BACK_S
        if stamp < low and all(later < low for later in stamps[index + 1 : index + 4]):
            offset, top, restarts = end + PAUSE_S - stamp, stamp, restarts + 1
        joined.append(stamp + offset)
        top, end = max(top, stamp), max(end, joined[-1])
    return np.array(joined), restarts


def _acceleration(
    found: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return times and values of the three axes where all have a sample."""
    if not found.keys() >= set(_AXES):
        return None
    times = [np.round(found[tag][0], 5) for tag in _AXES]
    common = np.intersect1d(times[0], np.intersect1d(times[1], times[2]))
    if not len(common):
        return None
    values = [
        found[tag][1][np.searchsorted(at, common)] for tag, at in zip(_AXES, times, strict=True)
    ]
    return common, np.stack(values, axis=1)
