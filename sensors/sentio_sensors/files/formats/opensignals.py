"""Reader of OpenSignals' text files of BITalino and biosignalsplux.

Transfer functions: data sheets of the sensors, https://support.pluxbiosignals.com (ECG, EEG, EMG,
EDA, ACC, TMP), in the units of the data sheets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import FormatError
from sentio_sensors.files.content import FileChannel, FileContent, Hints, evenly
from sentio_sensors.files.formats.tables import table_layout
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.grid import read_grid

NAME = "OpenSignals"

_KINDS = {
    "ECG": "ECG", "EEG": "EEG", "EMG": "EMG", "EOG": "EOG", "EDA": "EDA", "BVP": "PPG",
    "PULSE": "PPG", "PPG": "PPG", "RESP": "RESP", "PZT": "RESP", "RIP": "RESP",
    "RESPIRATION": "RESP", "ACC": "ACCEL", "XYZ": "ACCEL", "TMP": "TEMP", "TEMP": "TEMP",
}  # fmt: skip
"""Kind of each sensor's name, without digits."""

_GAIN = {
    "bitalino": {"ECG": 1100.0, "EEG": 41782.0, "EMG": 1009.0, "EOG": 2040.0},
    "plux": {"ECG": 1000.0, "EEG": 42000.0, "EMG": 1000.0, "EOG": 2040.0},
}

_CONVERTED = {
    "ECG": "mV", "EEG": "uV", "EMG": "mV", "EOG": "mV", "EDA": "uS", "TEMP": "degC", "ACCEL": "g",
}  # fmt: skip
"""Units of values that OpenSignals converted already (``convertedValues``)."""

_ACC = {6: (12.0, 19.0), 10: (208.0, 312.0), 12: (1600.0, 2400.0), 16: (28000.0, 38000.0)}
"""Digital values of -1 g and 1 g by resolution, where none are calibrated."""


def matches(head: Head) -> bool:
    """Return whether the file was written by OpenSignals."""
    return bool(re.match(r"^#\s*OpenSignals Text File Format", head.text or ""))


def read(head: Head, hints: Hints) -> FileContent:
    """Read the sensors of all devices, in physical units.

    Raises:
        FormatError: The header is damaged or fits no column.
    """
    layout = table_layout(head)
    if layout is None or head.encoding is None:
        raise FormatError(f"{head.path.name} has no rows", f"look into it: head {head.path}")
    devices = _devices(head)
    columns = sum(len(device["column"]) for device in devices)
    layout = replace(layout, names=(), columns=max(columns, layout.columns))
    grid = read_grid(head.path, layout, head.encoding, head.path.name)
    content = FileContent(NAME)
    if grid.cut:
        content.notes.append("the last line is cut and is left out")
    start = 0
    for number, device in enumerate(devices):
        suffix = f"-{number + 1}" if len(devices) > 1 else ""
        _add(content, device, grid.columns[start : start + len(device["column"])], suffix)
        start += len(device["column"])
    return content


def _devices(head: Head) -> list[Mapping[str, Any]]:
    text = next((line[1:].strip() for line in head.lines if re.match(r"^#\s*\{", line)), "")
    try:
        found = [d for d in json.loads(text).values() if isinstance(d, Mapping)]
    except (ValueError, AttributeError):
        found = []
    good = [d for d in found if isinstance(d.get("column"), list) and _rate(d) > 0]
    if not good:
        raise FormatError(
            f"{head.path.name}: the header has no device with columns and a sampling rate",
            "export it again from OpenSignals as text",
        )
    return good


def _rate(device: Mapping[str, Any]) -> float:
    try:
        rate = float(device.get("sampling rate", 0))
    except (TypeError, ValueError):
        return 0.0
    return rate if 0 < rate <= 1e5 else 0.0


def _add(
    content: FileContent,
    device: Mapping[str, Any],
    columns: Sequence[NDArray[Any]],
    suffix: str,
) -> None:
    names = [str(name) for name in device["column"]]
    sensors = [str(name).upper() for name in device.get("sensor", device.get("label", []))]
    analog = len(names) - len(sensors)
    resolutions = list(device.get("resolution", []))[-len(sensors) :] if sensors else []
    maker = "bitalino" if "bitalino" in str(device.get("device", "")).lower() else "plux"
    converted = str(device.get("convertedValues", 0)).lower() in ("1", "true")
    rate = _rate(device)
    times = evenly(0.0, len(columns[0]), rate)
    if names and names[0].lower() == "nseq":
        lost = _lost(columns[0].astype(float), device)
        times = times + lost / rate
        if len(lost) and lost[-1]:
            content.notes.append(f"{int(lost[-1])} packets were lost; their time is kept as a gap")
    unknown = []
    groups: dict[str, list[tuple[FileChannel, NDArray[np.float64]]]] = {}
    for index, sensor in enumerate(sensors):
        word = re.sub(r"(?:BIT(?:REV)?)?[\d_]*$", "", sensor)  # ECGBIT2 of a BITalino
        kind = _KINDS.get(word, "")
        bits = int(resolutions[index]) if index < len(resolutions) else 10
        raw = columns[analog + index].astype(float)
        if not kind or not 1 <= bits <= 24:
            unknown.append(sensor)
            continue
        values, unit = (
            (raw, _CONVERTED.get(kind, "")) if converted else _physical(raw, kind, bits, maker)
        )
        if unit == "raw":
            unknown.append(sensor)
            continue
        groups.setdefault(kind, []).append((FileChannel(sensor.lower(), unit, kind), values))
    for kind, found in groups.items():
        content.add(
            kind.lower() + suffix, kind, rate, tuple(c for c, _ in found), times,
            np.stack([v for _, v in found], axis=1),
        )  # fmt: skip
    if unknown:
        content.notes.append(f"sensors without a known transfer function: {', '.join(unknown)}")


def _physical(
    raw: NDArray[np.float64], kind: str, bits: int, maker: str
) -> tuple[NDArray[np.float64], str]:
    """Return physical values and their unit; ``raw`` if there is no transfer function."""
    share = raw / 2.0**bits
    volts = 3.3 if maker == "bitalino" else 3.0
    if kind in _GAIN[maker]:
        return (share - 0.5) * volts / _GAIN[maker][kind] * 1e6, "uV"
    if kind == "EDA":
        return share * volts / (0.132 if maker == "bitalino" else 0.12), "uS"
    if kind == "ACCEL":
        low, high = _ACC.get(bits, (0.0, 0.0))
        return ((raw - low) / (high - low) * 2 - 1, "g") if high > low else (raw, "raw")
    if kind == "TEMP":
        # The thermistor of biosignalsplux needs constants that the file does not contain.
        return ((share * volts - 0.5) * 100, "degC") if maker == "bitalino" else (raw, "raw")
    return share - 0.5, ""


def _lost(numbers: NDArray[np.float64], device: Mapping[str, Any]) -> NDArray[np.float64]:
    """Return the number of packets lost before each row, from the packet counter."""
    resolution = device.get("resolution") or [4]
    bits = int(resolution[0]) if str(resolution[0]).isdigit() else 4
    top = float(np.nanmax(numbers)) if len(numbers) else 0.0
    cycle = 2.0**bits
    if not np.isfinite(top) or top >= cycle or not np.isfinite(numbers).all():
        return np.zeros(len(numbers))
    steps = np.diff(numbers) % cycle
    lost: NDArray[np.float64] = np.r_[0.0, np.cumsum(np.where(steps > 0, steps - 1, 0.0))]
    return lost
