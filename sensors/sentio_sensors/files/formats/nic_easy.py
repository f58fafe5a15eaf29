"""Reader of ``.easy`` of Neuroelectrics' NIC, with the ``.info`` beside it.

Of Enobio and Starstim. Rows of integers with tabs: channels in nV, acceleration in mm/s^2 if it is
on, trigger, and Unix time in ms. Specification: Neuroelectrics, "NIC2 user manual", file formats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import AbsentError, FormatError, SensorError
from sentio_sensors.files.content import FileChannel, FileContent, Hints
from sentio_sensors.files.formats.tables import table_layout
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.grid import read_grid
from sentio_sensors.files.table.rules import kind_of
from sentio_sensors.files.table.times import rate_of, spread
from sentio_sensors.marker_codes import MarkerCodes

NAME = "Neuroelectrics NIC"

AXES = 3
END = 2
"""Columns after the signals: trigger and time."""

DEVICES = (8, 20, 32)
"""Numbers of channels of the devices."""

GRAVITY = (4000.0, 20_000.0)
"""Lengths of an acceleration at rest and in movement, mm/s^2."""

_STAMP = re.compile(r"^1\d{12}$")
_WHOLE = re.compile(r"^[+-]?\d+$")
_ABOUT = re.compile(r"^\s*Step Details", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Info:
    """What the ``.info`` states.

    Attributes:
        channels: Number of channels; 0 if it is not stated.
        labels: Their names.
        accelerated: Whether acceleration is recorded; None if it is not stated.
        triggers: Descriptions of the codes.
    """

    channels: int = 0
    labels: tuple[str, ...] = ()
    accelerated: bool | None = None
    triggers: dict[str, str] = field(default_factory=dict)


def matches(head: Head) -> bool:
    """Return whether rows are integers up to a Unix time in ms, or an ``.info``."""
    if _is_info(head):
        return True
    layout = table_layout(head)
    if layout is None or layout.names or layout.columns < 1 + END:
        return False
    rows = [line.split() for line in head.lines[:20] if line.strip()][:-1] or [[*layout.first]]
    return "\t" in head.lines[layout.skip] and all(
        _STAMP.match(row[-1]) and all(_WHOLE.match(cell) for cell in row) for row in rows
    )


def parts(head: Head) -> list[Path]:
    """Return the ``.easy``, and the ``.info`` beside it."""
    data = head.path.with_suffix(".easy") if _is_info(head) else head.path
    return [data, *(path for path in (data.with_suffix(".info"),) if path.is_file())]


def read(head: Head, hints: Hints) -> FileContent:
    """Read channels (uV after conversion), acceleration and triggers.

    Raises:
        AbsentError: An ``.info`` is named and its ``.easy`` is missing.
        FormatError: It has no rows.
    """
    if _is_info(head):
        head = Head(_beside(head.path))
    layout = table_layout(head)
    if layout is None or head.encoding is None:
        raise FormatError(f"{head.path.name} has no rows", f"look into it: head {head.path}")
    grid = read_grid(head.path, replace(layout, names=()), head.encoding, head.path.name)
    content = FileContent(NAME)
    if grid.cut:
        content.notes.append("the last line is cut and is left out")
    info = _info(head.path.with_suffix(".info"), content)
    values = [grid.numbers(i) for i in range(len(grid.columns))]
    times = spread(values[-1] * 1e-3)
    rate = rate_of(times)
    count = _channels(values, info, content)
    groups: dict[str, list[int]] = {}
    labels = info.labels if len(info.labels) == count else [f"Ch{i + 1}" for i in range(count)]
    for index, label in enumerate(labels):
        groups.setdefault(kind_of(label).upper() or "EEG", []).append(index)
    for kind, chosen in groups.items():
        channels = tuple(FileChannel(labels[i], "nV", kind) for i in chosen)
        content.add(
            kind.lower(), kind, rate, channels, times, np.stack([values[i] for i in chosen], 1)
        )
    if len(values) - count == AXES + END:
        channels = tuple(FileChannel(axis, "mm/s^2", "ACCEL") for axis in "xyz")
        content.add(
            "acc", "ACCEL", rate, channels, times, np.stack(values[count : count + AXES], 1)
        )
    at, codes = MarkerCodes(rate or 1.0).read(times, values[-2])
    texts = [str(code) for code in codes[:, 0]]
    if texts:
        content.add_markers(at, [info.triggers.get(text, text) for text in texts], "triggers")
    return content


def _is_info(head: Head) -> bool:
    return head.path.suffix.lower() == ".info" and bool(_ABOUT.match(head.text or ""))


def _beside(info: Path) -> Path:
    path = info.with_suffix(".easy")
    if not path.is_file():
        raise AbsentError(
            f"{path.name}, the data of {info.name}, is missing",
            f"copy both files together: {path.name} and {info.name}",
        )
    return path


def _info(path: Path, content: FileContent) -> _Info:
    try:
        text = Head(path).text or ""
    except SensorError:
        content.notes.append(f"{path.name} is missing: the channels have no names")
        return _Info()
    number = re.search(r"^\s*Total number of channels:\s*(\d{1,4})\s*$", text, re.MULTILINE)
    state = re.search(r"^\s*Accelerometer data:\s*(ON|OFF)\b", text, re.MULTILINE | re.IGNORECASE)
    triggers = text.partition("Trigger information")[2]
    return _Info(
        int(number[1]) if number else 0,
        tuple(re.findall(r"^\s*Channel\s+\d+:[ \t]*(\S+)", text, re.MULTILINE)),
        None if state is None else state[1].upper() == "ON",
        dict(re.findall(r"^\s*(\d{1,10})[ \t]+(\S.*?)\s*$", triggers, re.MULTILINE)),
    )


def _channels(values: list[NDArray[np.float64]], info: _Info, content: FileContent) -> int:
    """Return how many columns are channels: all before acceleration, trigger and time."""
    without, beside = len(values) - END, len(values) - END - AXES
    stated = info.channels or len(info.labels)
    if stated in (without, beside) and stated > 0:
        return stated
    if stated:
        content.notes.append(
            f"the .info states {stated} channels, the rows have {without} values before trigger "
            "and time: the columns are counted"
        )
    if info.accelerated is not None:
        return beside if info.accelerated and beside > 0 else without
    if without in DEVICES or beside < 1:
        return without
    length = np.linalg.norm(np.stack(values[beside:without], 1), axis=1)
    low, high = GRAVITY
    return beside if beside in DEVICES or low < float(np.nanmedian(length)) < high else without
