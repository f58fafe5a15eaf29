"""Reader of lists of OSC messages of Muse headbands, as ``muse-player`` writes.

Rows: time, address, values, as in ``1408564484.364, /muse/eeg, 841.2, 834.1, 827.9, 850.3``.
Specification: InteraXon, "Muse research tools", MusePlayer (option ``-C``) and available data.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from sentio_sensors.files.content import FileChannel, FileContent, Hints
from sentio_sensors.files.head import Head
from sentio_sensors.files.line_log import MOST, Samples, first_lines, lines_of
from sentio_sensors.files.table.times import rate_of

NAME = "muse-player"

ELECTRODES = ("TP9", "AF7", "AF8", "TP10")
"""Where the electrodes of a headband are, unless its settings state others."""

MAX_WIDTHS = 4
"""Limit of numbers of values that lines of one signal have: cut ones have fewer."""

MAX_PEOPLE = 16
"""Limit of headbands in one file."""

_LINE = re.compile(
    r"^\s*\"?(?P<time>\d{1,13}(?:\.\d+)?)\"?\s*[,;\s]\s*\"?(?P<person>/?[^\s,;\"/]+)"
    r"(?P<path>(?:/[\w.-]+)+)\"?(?:\s*[,;]\s*|\s+|$)(?P<rest>.*)$"
)
_HEADER = re.compile(r"^\s*\"?time(?:stamp)?s?\"?\s*[,;\t ]\s*\"?(?:osc_)?(?:address|path)", re.I)
_LAYOUT = re.compile(r"eeg_channel_layout[\\\"':\s]+([A-Za-z0-9 ]+)")
_SIGNALS = {"/eeg": "eeg", "/acc": "acc", "/ppg": "ppg", "/optics": "ppg"}
_MARK = re.compile("[,;]")
_TYPES = re.compile(r"^[ifds]+$")


class _Message(NamedTuple):
    time: float
    person: str
    path: str
    cells: list[str]


def matches(head: Head) -> bool:
    """Return whether lines are a time and an address, one of them of a signal."""
    lines = first_lines(head)
    found = [match for line in lines if (match := _LINE.match(line))]
    if len(found) <= MOST * len(lines):
        return False
    return any(m["path"] in _SIGNALS or m["person"].strip("/") == "muse" for m in found)


def read(head: Head, hints: Hints) -> FileContent:
    """Read EEG (uV), acceleration and optics of each headband, and annotations."""
    content = FileContent(NAME)
    found: dict[tuple[str, str], dict[int, Samples]] = {}
    layouts: dict[str, list[str]] = {}
    marks: list[tuple[float, str]] = []
    damaged = 0
    for line in lines_of(head):
        message = _message(line)
        if message is None:
            damaged += bool(line.strip()) and _HEADER.match(line) is None
            continue
        if message.path == "/config" and (layout := _LAYOUT.search(line)):
            layouts.setdefault(message.person, layout[1].split())
        text = _mark(message)
        if text:
            marks.append((message.time, text))
        signal = _SIGNALS.get(message.path)
        if signal is None or len({person for person, _ in found}) > MAX_PEOPLE:
            continue
        try:
            values = [float(cell) for cell in message.cells]
        except ValueError:
            damaged += 1
            continue
        widths = found.setdefault((message.person, signal), {})
        if len(widths) < MAX_WIDTHS or len(values) in widths:
            widths.setdefault(len(values), Samples(len(values))).add(message.time, values)
    several = len({person for person, _ in found}) > 1
    for (person, signal), widths in found.items():
        samples = max(widths.values(), key=len)  # others are cut
        damaged += sum(map(len, widths.values())) - len(samples)
        name = f"{person}-{signal}" if several else signal
        _add(content, name, signal, samples, layouts.get(person, []))
    if marks:
        content.add_markers(np.array([time for time, _ in marks]), [text for _, text in marks])
    if damaged:
        content.notes.append(f"lines that are cut or damaged, which are left out: {damaged}")
    return content


def _message(line: str) -> _Message | None:
    parts = _LINE.match(line)
    if parts is None:
        return None
    time = float(parts["time"])
    if time > 1e11:  # MuseLab writes milliseconds
        time *= 1e-3
    rest = parts["rest"].strip().strip('"')
    cells = [cell.strip().strip("\"'") for cell in _MARK.split(rest)]
    if len(cells) == 1:  # between spaces, after their types: what the program prints
        types, _, others = rest.partition(" ")
        text = others.strip() if others and _TYPES.match(types) else rest
        numbers = text.split()
        cells = numbers if parts["path"] != "/annotation" else [text.strip("\"'")]
    return _Message(time, parts["person"].strip("/"), parts["path"], cells)


def _mark(message: _Message) -> str:
    """Return the text of an annotation or marker; empty for other messages."""
    if message.path == "/annotation":
        return message.cells[0]
    if message.person.lower() == "marker":  # Mind Monitor's buttons: /Marker/1
        return message.path.strip("/")
    return ""


def _add(content: FileContent, name: str, signal: str, samples: Samples, layout: list[str]) -> None:
    times, values = samples.arrays(even=True)
    if signal == "eeg":
        labels = layout if len(layout) == samples.width else [*ELECTRODES]
        used = [i for i, label in enumerate(labels[: samples.width]) if label not in ("DRL", "REF")]
        channels = tuple(FileChannel(labels[i], "uV", "EEG") for i in used)
        content.add(name, "EEG", rate_of(times), channels, times, values[:, used])
        if samples.width > len(used):
            content.notes.append("auxiliary inputs of the headband are left out")
    elif signal == "acc":
        length = float(np.nanmedian(np.linalg.norm(values, axis=1)))
        unit = "g" if 0.3 < length < 3 else "mg" if 300 < length < 3000 else ""
        if samples.width != 3 or not unit:
            content.notes.append(
                f"acceleration of {samples.width} axes and a median length of {length:.3g} is "
                "neither in g nor in mg: it is left out"
            )
            return
        channels = tuple(FileChannel(axis, unit, "ACCEL") for axis in "xyz")
        content.add(name, "ACCEL", rate_of(times), channels, times, values)
    else:
        channels = tuple(FileChannel(f"ppg{i + 1}", "", "PPG") for i in range(samples.width))
        content.add(name, "PPG", rate_of(times), channels, times, values)
