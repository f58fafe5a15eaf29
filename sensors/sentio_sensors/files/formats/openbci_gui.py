"""Reader of the OpenBCI GUI's text files, versions 4 and 5."""

from __future__ import annotations

import re
from dataclasses import replace

from sentio_sensors.files.content import FileContent, Hints
from sentio_sensors.files.formats.tables import table_layout, with_rules
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.layout import Layout, is_number
from sentio_sensors.files.table.rules import Column
from sentio_sensors.files.table.streams import Table

NAME = "OpenBCI GUI"

COUNTS = (16, 8, 4)
"""Numbers of channels of the boards: Cyton with Daisy, Cyton, Ganglion."""


def matches(head: Head) -> bool:
    """Return whether the file was written by the OpenBCI GUI."""
    return (head.text or "").startswith(("%OpenBCI Raw", "% OpenBCI Raw"))


def read(head: Head, hints: Hints) -> FileContent:
    """Read EEG in uV and acceleration in g."""
    layout = table_layout(head)
    stated = _number(r"%\s*Sample Rate\s*=\s*([\d.]+)", head.text or "")
    if layout is not None and not layout.names:
        count = int(_number(r"%\s*Number of channels\s*=\s*(\d{1,4})\b", head.text or ""))
        layout = replace(layout, names=_version_4(layout, count))
    content = with_rules(head, Table(NAME, _rule, stated), hints, layout)
    eeg = next((s for s in content.streams if s.kind == "EEG"), None)
    if eeg is not None and stated and abs(eeg.rate_hz - stated) > 0.02 * stated:
        content.notes.append(
            f"the header states {stated:g} Hz, the stamps {eeg.rate_hz:g} Hz: the stamps are used"
        )
    return content


def _rule(header: str, unit: str) -> Column | None:
    name = header.strip()
    if re.match(r"^(EXG|EEG) Channel \d+$", name):
        return Column(name, "uV", "EEG")
    if re.match(r"^Accel Channel \d+$", name):
        return Column(name, "g", "ACCEL")
    if name == "Timestamp":
        return Column(name, "", "time")
    if name.startswith("Timestamp"):
        return Column(name, "", "time", rank=1)
    if re.match(r"^Marker", name):
        return Column(name, "", "Markers")
    return Column(name, "", "ignored")


def _version_4(layout: Layout, channels: int) -> tuple[str, ...]:
    """Return the column names of version 5, which version 4 does not write.

    Args:
        layout: Of the rows.
        channels: Number of channels that the header states; 0 if it does not.
    """
    names = [f"Other {i}" for i in range(layout.columns)]
    names[0] = "Sample Index"
    for index, cell in enumerate(layout.first):
        if re.match(r"^\d{1,2}:\d{1,2}:\d", cell):
            names[index] = "Timestamp (Formatted)"
        elif is_number(cell) and float(cell) > 1e9:
            names[index] = "Timestamp"
    values = sum(name.startswith("Other") for name in names)
    if not 0 < channels <= values:
        channels = next((n for n in COUNTS if n + 3 <= values), 0)
    names[1 : 1 + channels] = [f"EXG Channel {i}" for i in range(channels)]
    if channels + 3 <= values:
        names[1 + channels : 4 + channels] = [f"Accel Channel {i}" for i in range(3)]
    return tuple(names)


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0
