"""Reader of EDF, EDF+ and BDF by edfio; annotations become markers."""

from __future__ import annotations

import io
import re
import warnings
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.files.content import FileChannel, FileContent, Hints, evenly
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.rules import column_of, electrode, kind_of
from sentio_sensors.marker_codes import MarkerCodes

NAME = "EDF"
UNCALIBRATED = "uncalibrated"
"""Unit of a signal whose header does not show the value of a step: no model uses it."""

MAX_SAMPLES = 1 << 28
"""Limit of samples of all signals."""

MAX_CODES = 256
"""Limit of different values of a trigger channel; one with more is a signal."""

_BIOSEMI = re.compile(r"^[A-H]\d{1,2}$")
"""Electrodes of BioSemi's caps in BDF, beside those of the 10-20 system."""


def matches(head: Head) -> bool:
    """Return whether the file is EDF or BDF."""
    return head.start[:8] == b"0       " or head.start[:8] == b"\xffBIOSEMI"


def read(head: Head, hints: Hints) -> FileContent:
    """Read all signals and annotations.

    Raises:
        AbsentError: edfio is not installed.
        FormatError: The header is damaged or states more samples than the file has.
    """
    try:
        import edfio
    except ImportError:
        raise AbsentError(
            f"{head.path.name} is EDF; edfio, which reads it, is not installed",
            "pip install 'sentio-affect[files]'",
        ) from None
    is_bdf = head.start[:1] == b"\xff"
    content = FileContent("BDF" if is_bdf else NAME)
    layout = _layout(head, content)
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        edf = edfio.read_bdf(layout.data) if is_bdf else edfio.read_edf(layout.data)
        _streams(edf, layout, content)
    content.notes.extend(dict.fromkeys(str(remark.message) for remark in remarks))
    return content


def _streams(edf: Any, layout: _Layout, content: FileContent) -> None:
    start = _start(edf)
    groups: dict[tuple[str, float], list[tuple[FileChannel, Any]]] = {}
    for signal, (name, unit) in zip(edf.signals, layout.names, strict=True):
        rate = float(signal.sampling_frequency)
        kind = kind_of(electrode(name)) or kind_of(name.split(" ")[0])
        if not kind and content.format == "BDF" and _BIOSEMI.match(name):
            kind = "eeg"
        label = electrode(name) if kind.upper() == "EEG" else name
        channel = FileChannel(label, unit, kind)
        groups.setdefault((kind, rate), []).append((channel, signal))
    for (kind, rate), found in groups.items():
        values = np.stack([np.asarray(signal.data, float) for _, signal in found], axis=1)
        times = _times(layout, len(values), rate, float(edf.data_record_duration))
        name = kind.lower() or "other"
        taken = [s.name for s in content.streams]
        content.add(
            name if name not in taken else f"{name}-{rate:g}hz", kind, rate,
            tuple(channel for channel, _ in found), start + times, values,
        )  # fmt: skip
    for (_, rate), found in groups.items():
        for channel, signal in found:
            codes = _codes(channel.label, np.asarray(signal.data, float), content.format == "BDF")
            if codes is None:
                continue
            times = _times(layout, len(codes), rate, float(edf.data_record_duration))
            times, texts = MarkerCodes(rate).read(times, codes)
            if len(times):
                content.add_markers(start + times, list(texts[:, 0]), channel.label.lower())
    marks = sorted((a.onset, a.text) for a in getattr(edf, "annotations", ()) if a.text)
    if marks:
        onsets = np.array([onset for onset, _ in marks])
        content.add_markers(start + onsets, [text for _, text in marks], "annotations")


def _codes(label: str, values: NDArray[np.float64], is_bdf: bool) -> NDArray[np.float64] | None:
    """Return the codes of a trigger channel; None if it is another one.

    BioSemi's ``Status`` has them in its lower 16 bits; a bit that is set throughout is none.
    """
    if is_bdf and label == "Status":
        bits = values.astype(np.int64) & 0xFFFF
        found: NDArray[np.float64] = (bits & ~np.bitwise_and.reduce(bits)).astype(np.float64)
        return found
    if column_of(label).kind != "Markers":
        return None
    codes: NDArray[np.float64] = np.round(values, 3) + 0.0
    return codes if len(np.unique(codes)) <= MAX_CODES else None


class _Layout(NamedTuple):
    """What the header states.

    Attributes:
        data: The file's whole records.
        starts: Start of each record if they are discontinuous.
        names: Label and unit of each signal, without those of annotations.
    """

    data: Any
    starts: NDArray[np.float64] | None
    names: list[tuple[str, str]]


def _layout(head: Head, content: FileContent) -> _Layout:
    """Check the header against the size of the file.

    Raises:
        FormatError: The header is damaged.
    """
    sample = 3 if head.start[:1] == b"\xff" else 2
    try:
        signals, header, stated = (
            int(head.start[a:b]) for a, b in ((252, 256), (184, 192), (236, 244))
        )
        with head.path.open("rb") as file:
            fields = file.read(256 * (signals + 1) if 0 < signals < 10_000 else 0)
        labels = [fields[256 + 16 * i : 272 + 16 * i].strip() for i in range(signals)]
        at = 256 + 216 * signals
        counts = [int(fields[at + 8 * i : at + 8 * i + 8]) for i in range(signals)]
        duration = float(head.start[244:252].replace(b",", b"."))
    except ValueError:
        signals, header, stated, counts, labels, duration = 0, 0, 0, [], [], 0.0
    width = sum(counts) * sample
    if signals < 1 or header != 256 * (signals + 1) or width <= 0 or min(counts) < 0:
        raise FormatError(
            f"{head.path.name}: the EDF header states {signals} signals in {header} bytes",
            "write the file again: it is damaged",
        )
    records = (head.size - header) // width
    if not 1 <= records * sum(counts) <= MAX_SAMPLES:
        raise FormatError(
            f"{head.path.name} has {records} whole records of {sum(counts):,} samples, expected "
            f"1 to {MAX_SAMPLES:,} samples",
            f"split it into parts, or look at its size: ls -l {head.path}",
        )
    at = 256 + 96 * signals
    units = [fields[at + 8 * i : at + 8 * i + 8].strip() for i in range(signals)]
    numbers = fields[256 + 104 * signals : 256 + 136 * signals].replace(b",", b".")
    names = [
        (_text(label), _text(unit) if _is_calibrated(numbers, index, signals) else UNCALIBRATED)
        for index, (label, unit) in enumerate(zip(labels, units, strict=True))
        if label not in _ANNOTATIONS
    ]
    if names and not 0 < duration < 1e6:
        raise FormatError(
            f"{head.path.name} states records of {duration:g} s, so its rates are not known",
            "write the file again: it is damaged",
        )
    data: Any = head.path
    if stated != records or head.size != header + records * width:
        content.notes.append(f"the header states {stated} records; {records} whole ones are read")
    if content.notes or b"," in fields[256 + 104 * signals : 256 + 136 * signals] + fields[244:252]:
        whole = head.path.read_bytes()[: header + records * width]
        edge = 256 + 104 * signals
        start = whole[:236] + f"{records:<8d}".encode() + whole[244:252].replace(b",", b".")
        data = io.BytesIO(start + whole[252:edge] + numbers + whole[edge + len(numbers) :])
    starts = None
    if b"+D" in head.start[192:236] and (notes := _annotation_index(labels)) is not None:
        offset = header + sum(counts[:notes]) * sample
        with head.path.open("rb") as file:
            starts = np.array([_onset(file, offset + r * width) for r in range(records)])
        content.notes.append("the recording has pauses (EDF+D): they are kept as gaps")
    return _Layout(data, starts, names)


def _is_calibrated(numbers: bytes, index: int, signals: int) -> bool:
    """Return whether a signal's physical and digital ranges show the value of a step.

    Args:
        numbers: Least and largest physical, then digital values of all signals.
        index: The signal.
        signals: Number of signals.
    """
    fields = (numbers[8 * (index + k * signals) :][:8] for k in range(4))
    try:
        low, high, first, last = map(float, fields)
    except ValueError:
        return False
    return low != high and first != last


_ANNOTATIONS = (b"EDF Annotations", b"BDF Annotations")


def _annotation_index(labels: list[bytes]) -> int | None:
    return next((i for i, label in enumerate(labels) if label in _ANNOTATIONS), None)


def _text(field: bytes) -> str:
    """Return a field of the header; programs write micro as UTF-8 or Latin-1."""
    try:
        return field.decode("utf-8")
    except UnicodeDecodeError:
        return field.decode("latin-1")


def _onset(file: IO[bytes], at: int) -> float:
    """Return the start of a record, which its first annotation states."""
    file.seek(at)
    return float(file.read(32).partition(b"\x14")[0])


def _start(edf: Any) -> float:
    """Return the start in Unix seconds; 0 if the date was removed."""
    import datetime

    try:
        moment = datetime.datetime.combine(edf.startdate, edf.starttime, datetime.UTC)
    except (ValueError, TypeError):
        return 0.0
    return moment.timestamp()


def _times(layout: _Layout, count: int, rate: float, duration: float) -> NDArray[np.float64]:
    """Return the times of a signal's samples, from the start of the first record."""
    if layout.starts is None:
        return evenly(0.0, count, rate)
    begins = layout.starts - layout.starts[0]
    each = round(rate * duration)
    times: NDArray[np.float64] = (begins[:, None] + np.arange(each) / rate).ravel()[:count]
    return times
