"""Reader of EDF, EDF+ and BDF by edfio; annotations become markers."""

from __future__ import annotations

import io
import warnings
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.files.content import FileChannel, FileContent, Hints, evenly
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.rules import electrode, kind_of

NAME = "EDF"
MAX_SAMPLES = 1 << 28
"""Limit of samples of all signals."""


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
    for signal in edf.signals:
        rate = float(signal.sampling_frequency)
        kind = kind_of(electrode(signal.label)) or kind_of(signal.label.split(" ")[0])
        label = electrode(signal.label) if kind.upper() == "EEG" else signal.label
        channel = FileChannel(label, signal.physical_dimension, kind)
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
    marks = sorted((a.onset, a.text) for a in getattr(edf, "annotations", ()) if a.text)
    if marks:
        onsets = np.array([onset for onset, _ in marks])
        content.add_markers(start + onsets, [text for _, text in marks], "annotations")


class _Layout(NamedTuple):
    """Return the file's whole records, and the start of each if discontinuous."""

    data: Any
    starts: NDArray[np.float64] | None


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
    except ValueError:
        signals, header, stated, counts, labels = 0, 0, 0, [], []
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
    data: Any = head.path
    if stated != records or head.size != header + records * width:
        content.notes.append(f"the header states {stated} records; {records} whole ones are read")
        whole = head.path.read_bytes()[: header + records * width]
        data = io.BytesIO(whole[:236] + f"{records:<8d}".encode() + whole[244:])
    starts = None
    if b"+D" in head.start[192:236] and (notes := _annotation_index(labels)) is not None:
        offset = header + sum(counts[:notes]) * sample
        with head.path.open("rb") as file:
            starts = np.array([_onset(file, offset + r * width) for r in range(records)])
        content.notes.append("the recording has pauses (EDF+D): they are kept as gaps")
    return _Layout(data, starts)


def _annotation_index(labels: list[bytes]) -> int | None:
    names = (b"EDF Annotations", b"BDF Annotations")
    return next((i for i, label in enumerate(labels) if label in names), None)


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
