"""Muse headbands: CSV of muse-lsl and of Mind Monitor."""

from __future__ import annotations

import re

import numpy as np

from sentio_sensors.files.content import FileContent, Hints
from sentio_sensors.files.formats.tables import table_layout, with_rules
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.rules import Column
from sentio_sensors.files.table.streams import Table

MIND_MONITOR, MUSE_LSL = "Mind Monitor", "muse-lsl"

_LSL = ({"TP9", "AF7", "AF8", "TP10"}, {"PPG1", "PPG2", "PPG3"}, {"X", "Y", "Z"})
"""Columns of the three files of muse-lsl, beside ``timestamps``."""


def _names(head: Head) -> set[str]:
    layout = table_layout(head)
    return set(layout.names) if layout is not None else set()


def matches_mind_monitor(head: Head) -> bool:
    """Return whether the file was written by Mind Monitor."""
    names = _names(head)
    return "TimeStamp" in names and any(name.startswith("RAW_") for name in names)


def read_mind_monitor(head: Head, hints: Hints) -> FileContent:
    """Read raw EEG (uV), acceleration (g), optics, heart rate, and events as markers."""
    return with_rules(head, Table(MIND_MONITOR, _mind_monitor), hints)


def _mind_monitor(header: str, unit: str) -> Column:
    if header == "TimeStamp":
        return Column(header, "", "time")
    if found := re.match(r"^RAW_((?:TP|AF|FP)\d+)$", header, re.IGNORECASE):
        return Column(found[1], "uV", "EEG")
    if found := re.match(r"^Accelerometer_([XYZ])$", header):
        return Column(found[1].lower(), "g", "ACCEL")
    if re.match(r"^(PPG|Optics)\w*$", header, re.IGNORECASE):
        return Column(header, "", "PPG")
    if header == "Heart_Rate":
        return Column(header, "bpm", "heart_rate")
    if header == "Elements":
        return Column(header, "", "Markers")
    return Column(header, "", "ignored")  # band powers, gyroscope, battery, contact


def matches_muse_lsl(head: Head) -> bool:
    """Return whether the file was written by muse-lsl."""
    names = _names(head)
    return "timestamps" in names and any(wanted <= names for wanted in _LSL)


def read_muse_lsl(head: Head, hints: Hints) -> FileContent:
    """Read EEG (uV), optics or acceleration (g); a gyroscope is refused."""
    content = with_rules(head, Table(MUSE_LSL, _muse_lsl), hints)
    for stream in [s for s in content.streams if s.kind == "ACCEL"]:
        length = np.linalg.norm(stream.values, axis=1)
        if not 0.5 < float(np.median(length)) < 2:
            content.streams.remove(stream)
            content.notes.append(
                f"X, Y, Z have a median length of {np.median(length):.3g}, not 1 g: a gyroscope, "
                "which is left out"
            )
    return content


def _muse_lsl(header: str, unit: str) -> Column | None:
    if header == "timestamps":
        return Column(header, "s", "time")
    if header in ("TP9", "AF7", "AF8", "TP10", "FPz"):
        return Column(header, "uV", "EEG")
    if re.match(r"^PPG\d$", header):
        return Column(header, "", "PPG")
    if header in ("X", "Y", "Z"):
        return Column(header.lower(), "g", "ACCEL")
    if header.lower().startswith("marker"):
        return Column(header, "", "Markers")
    return Column(header, "", "ignored")  # Right AUX
