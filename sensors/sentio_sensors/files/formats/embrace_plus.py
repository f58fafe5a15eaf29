"""Reader of Empatica EmbracePlus: Avro files, one or a folder of them."""

from __future__ import annotations

from collections.abc import Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.files.content import FileChannel, FileContent, Hints, evenly
from sentio_sensors.files.head import Head, regular

NAME = "Empatica EmbracePlus"
MAX_PART_BYTES = 512 << 20
"""Size limit of one file; a device writes one of some 3 MB every 15 minutes."""

LEAST_TIME, LARGEST_TIME = 1e9, 1e10
"""Range of plausible times, Unix seconds: from 2001 on."""

_SIGNALS = {"bvp": ("PPG", ""), "eda": ("EDA", "uS"), "temperature": ("TEMP", "degC")}
"""Regular signals of one channel: kind and unit."""


_Part = tuple[NDArray[np.float64], NDArray[Any], float]
"""Times, values and rate of one signal of one file."""


def matches(head: Head) -> bool:
    """Return whether the file is Avro, or a folder of Avro files."""
    if head.is_folder:
        return any(name.endswith(".avro") for name in head.names)
    return head.start[:4] == b"Obj\x01"


def read(head: Head, hints: Hints) -> FileContent:
    """Read the raw data of all files in order of time.

    Raises:
        AbsentError: fastavro is not installed.
        FormatError: A file is damaged or of another schema.
    """
    try:
        import fastavro
    except ImportError:
        raise AbsentError(
            f"{head.path.name} is Avro; fastavro, which reads it, is not installed",
            "pip install 'sentio-affect[files]'",
        ) from None
    paths = [head.path]
    if head.is_folder:
        names = [full for name, full in head.names.items() if name.endswith(".avro")]
        paths = sorted(head.path / name for name in names)
    parts: dict[str, list[_Part]] = {}
    beats: list[NDArray[np.float64]] = []
    tags: list[float] = []
    notes: dict[str, None] = {}
    for path in paths:
        try:
            for raw in _records(fastavro, path):
                _add(parts, raw, notes)
                peaks = raw.get("systolicPeaks", {}).get("peaksTimeNanos", [])
                beats.append(np.array(peaks, float))
                tags += [t * 1e-6 for t in raw.get("tags", {}).get("tagsTimeMicros", [])]
        except Exception as error:  # readers of damaged files raise anything
            if len(paths) == 1:
                raise
            notes[f"{path.name} is damaged and left out: {str(error)[:120]}"] = None
    content = _joined(parts, beats, sorted(set(tags)))
    content.notes.extend(notes)
    return content


def _records(fastavro: Any, path: Path) -> Any:
    if regular(path) != "file" or path.stat().st_size > MAX_PART_BYTES:
        raise FormatError(f"{path.name} is larger than {MAX_PART_BYTES >> 20} MiB", "split it")
    # A damaged length would make a file allocate gigabytes; a map returns what there is.
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        for record in fastavro.reader(content):
            raw = record.get("rawData") if isinstance(record, Mapping) else None
            if not isinstance(raw, Mapping):
                fields = ", ".join(map(str, list(record)[:8]))
                raise FormatError(
                    f"{path.name} has the fields {fields}, expected rawData of an EmbracePlus",
                    f"look into it: fastavro --pretty {path.name}",
                )
            yield raw


def _add(
    parts: dict[str, list[_Part]],
    raw: Mapping[str, Any],
    notes: dict[str, None],
) -> None:
    for name in _SIGNALS:
        signal = raw.get(name) or {}
        _part(parts, name, signal, np.array(signal.get("values", []), float)[:, None], notes)
    accel = raw.get("accelerometer") or {}
    axes = [np.array(accel.get(axis, []), float) for axis in "xyz"]
    if len({len(axis) for axis in axes}) == 1 and len(axes[0]):
        gain = _gain(accel)
        if gain is None:
            notes["the accelerometer has no imuParams with its scale: it is left out"] = None
        else:
            _part(parts, "accelerometer", accel, np.stack(axes, axis=1) * gain, notes)


def _gain(signal: Mapping[str, Any]) -> float | None:
    """Return g a digital step, by limits or by a factor; None if unknown."""
    stated = signal.get("imuParams") or {}
    try:
        if "conversionFactor" in stated:
            return float(stated["conversionFactor"]) or None
        physical = float(stated["physicalMax"]) - float(stated["physicalMin"])
        digital = float(stated["digitalMax"]) - float(stated["digitalMin"])
        return physical / digital
    except (KeyError, ZeroDivisionError, TypeError, ValueError):
        return None


def _part(
    parts: dict[str, list[_Part]],
    name: str,
    signal: Mapping[str, Any],
    values: NDArray[np.float64],
    notes: dict[str, None],
) -> None:
    rate = float(signal.get("samplingFrequency") or 0)
    if not len(values):
        return
    start = float(signal.get("timestampStart") or 0) * 1e-6
    if not 0 < rate <= 1e5 or not LEAST_TIME < start < LARGEST_TIME:
        notes[
            f"{name} states {rate:g} Hz from {start:g} s on, expected a rate above 0 and a Unix "
            "time: it is left out"
        ] = None
        return
    parts.setdefault(name, []).append((evenly(start, len(values), rate), values, rate))


def _without_overlaps(parts: list[_Part]) -> tuple[list[_Part], int]:
    """Return parts in order of time without overlaps, and how many samples those had."""
    kept: list[_Part] = []
    end, left_out = -np.inf, 0
    for times, values, rate in sorted(parts, key=lambda part: float(part[0][0])):
        new = times > end + 0.5 / rate
        left_out += int(np.count_nonzero(~new))
        if new.any():
            kept.append((times[new], values[new], rate))
            end = float(times[-1])
    return kept, left_out


def _joined(
    parts: dict[str, list[_Part]],
    beats: list[NDArray[np.float64]],
    tags: list[float],
) -> FileContent:
    content = FileContent(NAME)
    for name, found in parts.items():
        kind, unit = _SIGNALS.get(name, ("ACCEL", "g"))
        found, left_out = _without_overlaps(found)
        if left_out:
            content.notes.append(
                f"{name}: samples that two files have, which are kept once: {left_out}"
            )
        labels = ("x", "y", "z") if kind == "ACCEL" else (name,)
        channels = tuple(FileChannel(label, unit, kind) for label in labels)
        content.add(
            "acc" if kind == "ACCEL" else name,
            kind,
            round(found[0][2], 4),
            channels,
            np.concatenate([times for times, _, _ in found]),
            np.concatenate([values for _, values, _ in found]),
        )
    peaks = np.sort(np.concatenate(beats)) * 1e-9 if beats else np.empty(0)
    intervals = np.diff(peaks)
    real = (intervals > 0.25) & (intervals < 2.5)  # a longer one is a beat that was not found
    if real.any():
        channel = FileChannel("ibi", "s", "rr")
        content.add("ibi", "rr", 0.0, (channel,), peaks[1:][real], intervals[real])
    if tags:
        content.add_markers(np.array(tags), [f"tag{i + 1}" for i in range(len(tags))])
    return content
