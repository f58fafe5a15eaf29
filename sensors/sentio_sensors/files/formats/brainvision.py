"""BrainVision by MNE: the header file ``.vhdr`` with its data and markers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.files.content import FileChannel, FileContent, Hints, evenly
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.rules import electrode, kind_of

NAME = "BrainVision"
MAX_SAMPLES = 1 << 28
"""Limit of samples of all channels."""

_KINDS = {"eeg": "EEG", "ecg": "ECG", "eog": "EOG", "emg": "EMG", "gsr": "EDA", "resp": "RESP",
          "temperature": "TEMP", "bio": "", "misc": "", "stim": "STIM"}  # fmt: skip


def matches(head: Head) -> bool:
    """Return whether the file is a header or marker file, or has a header beside it."""
    text = (head.text or "").lstrip()
    if text.startswith(("Brain Vision Data Exchange", "BrainVision Data Exchange")):
        return True
    beside = head.path.suffix.lower() in (".eeg", ".dat", ".vmrk")
    return not head.is_folder and beside and head.path.with_suffix(".vhdr").is_file()


def parts(head: Head) -> list[Path]:
    """Return the header file, and the data and marker files beside it that it names."""
    header = _header(head)
    text = Head(header).text or ""
    names = (_field(text, key).replace("$b", header.stem) for key in ("DataFile", "MarkerFile"))
    beside = [header.parent / Path(name).name for name in names if name]
    return [header, *(path for path in beside if path.is_file())]


def read(head: Head, hints: Hints) -> FileContent:
    """Read all channels and markers.

    Raises:
        AbsentError: MNE is not installed, or the header file is missing.
        FormatError: MNE cannot read it.
    """
    try:
        import mne
    except ImportError:
        raise AbsentError(
            f"{head.path.name} is BrainVision; MNE, which reads it, is not installed",
            "pip install 'sentio-affect[files]'",
        ) from None
    header = _header(head)
    if not header.is_file():
        raise AbsentError(
            f"{header.name}, the header of {head.path.name}, is missing",
            f"copy the three files together: {header.stem}.vhdr, .vmrk and .eeg",
        )
    content = FileContent(NAME)
    _check(header, content)
    raw: Any = mne.io.read_raw_brainvision(header, preload=False, verbose="error")
    rate = float(raw.info["sfreq"])
    if not 0 < rate <= 1e6 or len(raw.ch_names) * raw.n_times > MAX_SAMPLES:
        raise FormatError(
            f"{header.name}: {len(raw.ch_names)} channels of {raw.n_times} samples at {rate:g} Hz",
            "split it into parts",
        )
    date = raw.info["meas_date"]
    start = date.timestamp() if date is not None else 0.0
    times = start + evenly(0.0, raw.n_times, rate)
    groups: dict[str, list[int]] = {}
    for index, (name, kind) in enumerate(zip(raw.ch_names, raw.get_channel_types(), strict=True)):
        found = kind_of(name)
        if found.upper() not in ("", "EEG"):
            kind = found  # every channel is of type EEG unless its unit differs
        groups.setdefault(_KINDS.get(kind, kind), []).append(index)
    for kind, indices in groups.items():
        units = [_unit(raw, i) for i in indices]
        values = raw.get_data(picks=indices).T * [1e6 if unit == "uV" else 1.0 for unit in units]
        channels = tuple(
            FileChannel(
                electrode(raw.ch_names[i]) if kind == "EEG" else raw.ch_names[i],
                unit,
                kind,
            )
            for i, unit in zip(indices, units, strict=True)
        )
        content.add(kind.lower() or "other", kind, rate, channels, times, values)
    notes = raw.annotations
    marks = [
        (float(onset), str(text))
        for onset, text in zip(notes.onset, notes.description, strict=True)
        if not str(text).startswith("New Segment")
    ]
    if marks:
        content.add_markers(
            start + np.array([onset for onset, _ in marks]), [text for _, text in marks], "markers"
        )
    return content


def _header(head: Head) -> Path:
    is_header = head.path.suffix.lower() == ".vhdr"
    return head.path if is_header else head.path.with_suffix(".vhdr")


def _check(header: Path, content: FileContent) -> None:
    """Check what a header states before MNE reads it, and its two files.

    Raises:
        AbsentError: The data file is missing.
        FormatError: It is outside of the folder or empty, or a number is impossible.
    """
    text = Head(header).text or ""
    for field in ("NumberOfChannels", "SamplingInterval"):
        number = _field(text, field)
        if not re.fullmatch(r"\+?\d{0,9}(?:[.,]\d*)?", number) or not re.search("[1-9]", number):
            raise FormatError(
                f"{header.name} states {field}={number[:20]}, expected a number above 0",
                f"export it again, or look into it: head -n 20 {header}",
            )
    for field in ("DataFile", "MarkerFile"):
        name = _field(text, field).replace("$b", header.stem)
        path = header.parent / name
        if not name or (field == "MarkerFile" and not path.is_file()):
            if name:
                content.notes.append(f"{name}, its marker file, is missing: no markers, no date")
        elif path.parent.resolve() != header.parent.resolve():
            raise FormatError(
                f"{header.name} names {name[:80]}, expected a file beside it",
                "copy the three files together, and correct the name in the header",
            )
        elif not path.is_file():
            raise AbsentError(
                f"{name}, the data of {header.name}, is missing",
                f"copy the three files together, or correct DataFile in it: head {header}",
            )
        elif field == "DataFile" and not path.stat().st_size:
            raise FormatError(f"{name}, the data of {header.name}, is empty", "copy it again")


def _field(text: str, name: str) -> str:
    found = re.search(rf"^{name}\s*=\s*(.*?)\s*$", text, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""


def _unit(raw: Any, index: int) -> str:
    """Return a channel's unit: uV for voltages, otherwise the unit of MNE."""
    stated = str(getattr(raw, "_orig_units", {}).get(raw.ch_names[index], ""))
    if stated.lower() in ("µv", "uv", "μv", "mv", "nv", "v"):
        return "uV"
    if stated.lower() in ("µs", "us", "μs", "s", "ms", "ns") and _is_skin(raw.ch_names[index]):
        return "S"
    return "degC" if stated in ("C", "°C", "degC") else stated


def _is_skin(name: str) -> bool:
    return kind_of(name).upper() == "EDA"
