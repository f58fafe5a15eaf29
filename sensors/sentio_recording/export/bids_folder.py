"""Export to a BIDS dataset: source data, and EEG as EDF with its tables.

Brain Imaging Data Structure, https://bids-specification.readthedocs.io: XDF is not a raw format
of BIDS, so it is copied to ``sourcedata``.
"""

from __future__ import annotations

import gzip
import logging
import re
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np

from sentio_recording.export import changes_table, edf_file
from sentio_recording.export.channels import main_role, measured
from sentio_recording.export.grid import effective_rate, on_grid, parts
from sentio_recording.export.people import Person, checked, chosen, labels
from sentio_recording.export.table import DATA as MARKER_DATA
from sentio_recording.export.table import MAX_NAME, Progress, Table, columns, tables, wall
from sentio_recording.recording import Recording
from sentio_recording.storage import DATA
from sentio_sensors.files.reader import parts_of
from sentio_sensors.stream import Role

log = logging.getLogger(__name__)

_PHYSIO = frozenset(
    (Role.ECG, Role.PPG, Role.EDA, Role.RESP, Role.TEMP, Role.EOG, Role.EMG, Role.ACCEL)
)

_TYPES = {
    Role.EEG: "EEG", Role.EOG: "EOG", Role.ECG: "ECG", Role.EMG: "EMG", Role.EDA: "GSR",
    Role.RESP: "RESP", Role.TEMP: "TEMP", Role.PPG: "PPG", Role.MARKER: "TRIG",
}  # fmt: skip
"""Types of channels in BIDS; others are ``MISC``."""

_TRIGGER = re.compile(r"^(?:tri?gg?(?:er)?|sti(?:m)?|status)(?![a-z])", re.IGNORECASE)

_EEG = frozenset({"EEG"})

MOST = 0.5
"""Share of known values from which a channel is good."""

PARTICIPANTS = "participants.tsv"
"""File of a dataset with one row for each person."""


def export(
    recording: Recording,
    out: Path,
    progress: Progress = lambda *_: None,
    *,
    subject: str | Sequence[str | Person] = (),
    session: str = "01",
    task: str = "session",
) -> list[Path]:
    """Write a dataset, or add subjects and a session to one.

    Each person has an own ``sub-LABEL`` with their own streams and markers, and those that belong
    to nobody. EEG is one EDF file on the nominal rate; where it has no samples, ``_events.tsv`` has
    a row ``BAD_gap``, which MNE-BIDS keeps as an annotation. Physiology is on a regular grid of the
    rate that the device really had, with ``n/a`` in gaps. Adaptations, overrides and freezes are in
    ``beh``.

    The recording itself is copied to ``sourcedata``: to the person's folder, for several people to
    ``sourcedata/several``. It is left out where only some of these are exported.

    Args:
        recording: Recording to export.
        out: Folder of the dataset.
        progress: Called for each stream.
        subject: The label of a single person, by default 01; or as for ``people.chosen``.
        session: BIDS label, letters and digits.
        task: BIDS label, likewise.

    Raises:
        FormatError: A label has other characters, or there is no such person.
    """
    asked = [subject] if isinstance(subject, str) else subject
    people = chosen(recording, asked, "bids", out)
    rest = f"ses-{checked(session)}_task-{checked(task)}"
    out.mkdir(parents=True, exist_ok=True)
    written = _source(recording, out / "sourcedata", people, session, rest)
    written.append(_json(out / "dataset_description.json", {
        "Name": "Sentio recordings", "BIDSVersion": "1.9.0", "DatasetType": "raw",
        "GeneratedBy": [{"Name": "sentio"}],
    }))  # fmt: skip
    participants = out / PARTICIPANTS
    rows = participants.read_text().splitlines() if participants.exists() else ["participant_id"]
    rows += [row for p in people if (row := f"sub-{p.label}") not in rows]
    participants.write_text("\n".join(rows) + "\n")
    written.append(participants)
    for person in people:
        folder = out / f"sub-{person.label}" / f"ses-{session}" / "eeg"
        found = list(tables(recording, progress, person.subject))
        base = f"sub-{person.label}_{rest}"
        files, start = _person(folder, base, task, found, wall(recording))
        changes = folder.with_name("beh") / f"{base}_beh"
        written += files + changes_table.write(recording, changes, person.subject, start)
    return written


def forget_absent(participants: Path) -> None:
    """Remove the rows of a dataset's people who have no folder any more.

    Args:
        participants: The dataset's ``participants.tsv``.
    """
    head, *rows = participants.read_text().splitlines()
    left = [row for row in rows if (participants.parent / row.split("\t")[0]).is_dir()]
    participants.write_text("\n".join([head, *left]) + "\n")


def _person(
    folder: Path, base: str, task: str, found: list[Table], clock: tuple[float, datetime] | None
) -> tuple[list[Path], float]:
    """Write the files of one person; return them and the zero of the onsets."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    eeg = [t for t in found if _is_eeg(t)]
    start = min((float(t.times[0]) for t in found), default=0.0)
    gaps: list[edf_file.Gap] = []
    if any(t.info.rate_hz > 0 for t in eeg):
        start, signals = edf_file.gridded(found, _EEG)
        gaps = [gap for stream in signals for gap in stream.gaps]
        written.append(folder / f"{base}_eeg.edf")
        edf_file.write(found, start, signals, written[-1], clock)
        written.append(_channels(folder / f"{base}_channels.tsv", signals))
        written.append(_json(folder / f"{base}_eeg.json", {
            "TaskName": task, "SamplingFrequency": signals[0].rate_hz, "EEGReference": "n/a",
            "PowerLineFrequency": "n/a", "SoftwareFilters": "n/a",
            "RecordingType": "discontinuous" if any(not gap.channel for gap in gaps)
            else "continuous",
        }))  # fmt: skip
    written.append(_events(folder / f"{base}_events.tsv", found, start, gaps))
    physio = {t.file: t for t in found if _is_physio(t)}
    names = labels(list(physio), MAX_NAME)
    for name, table in physio.items():
        written += _physio(folder / f"{base}_recording-{names[name]}_physio", table, start)
    return written, start


def _is_eeg(table: Table) -> bool:
    is_eeg = table.info.kind == "EEG" or main_role(table.info) is Role.EEG
    return is_eeg and table.info.format != "string"


def _is_physio(table: Table) -> bool:
    if not table.info.rate_hz > 0 or table.info.format == "string" or _is_eeg(table):
        return False
    return not _PHYSIO.isdisjoint(channel.role for channel in measured(table.info))


def _source(
    recording: Recording, folder: Path, people: Sequence[Person], session: str, rest: str
) -> list[Path]:
    """Copy the recording to a place that belongs to all who are in it."""
    if len(people) < len(recording.subjects):
        log.warning("the recording is not copied to sourcedata: it contains other people too")
        return []
    names = "_".join(f"sub-{person.label}" for person in people)[:MAX_NAME]
    place = folder / (names if len(people) == 1 else "several") / f"ses-{session}"
    place.mkdir(parents=True, exist_ok=True)
    return _originals(recording, place / f"{names}_{rest}")


def _originals(recording: Recording, target: Path) -> list[Path]:
    """Copy the data as they were recorded; ``target`` is their path without suffix."""
    if recording.folder is not None:
        return [Path(shutil.copy(recording.folder / DATA, target.with_name(f"{target.name}.xdf")))]
    path = recording.path
    files = parts_of(path) if recording.format and not path.is_dir() else [path]
    if path.is_dir():
        files = [file for file in sorted(path.iterdir()) if file.is_file()]
    elif len(files) == 1:
        suffix = "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix or ".dat"
        return [Path(shutil.copy(path, target.with_name(target.name + suffix)))]
    target.mkdir(exist_ok=True)
    return [Path(shutil.copy(file, target / file.name)) for file in files]


def _channels(path: Path, signals: list[edf_file.Signals]) -> Path:
    """Write the EEG channels; one that is unknown for most of the time is bad."""
    rows = ["name\ttype\tunits\tstatus\tstatus_description"]
    for stream, index, name in edf_file.labels(signals):
        known = float(np.isfinite(stream.table.values[:, index]).mean())
        why = "n/a" if known >= MOST else f"numbers in {100 * known:.0f} % of the samples"
        channel = stream.channels[index]
        kind = "TRIG" if _TRIGGER.match(name) else _TYPES.get(channel.role, "MISC")
        unit = channel.unit or "n/a"
        rows.append(f"{name}\t{kind}\t{unit}\t{'good' if known >= MOST else 'bad'}\t{why}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def _events(path: Path, found: list[Table], start: float, gaps: list[edf_file.Gap]) -> Path:
    """Write markers and gaps; onsets are relative to the first sample of the EEG."""
    rows = [
        (float(t) - start, "n/a", str(row[0]), str(row[1]) if len(row) > 1 else "")
        for table in found
        if table.info.kind == "Markers"
        for t, row in zip(table.times, table.values, strict=True)
    ]
    rows += [(gap.onset, f"{gap.seconds:.6f}", gap.text, "") for gap in gaps]
    with_data = any(data for *_, data in rows)
    lines = ["\t".join(["onset", "duration", "trial_type", *([MARKER_DATA] if with_data else [])])]
    for onset, seconds, name, data in sorted(rows):
        cells = [f"{onset:.6f}", seconds, _cell(name)]
        lines.append("\t".join([*cells, _cell(data)] if with_data else cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if with_data:
        about = {MARKER_DATA: {"Description": "What the game attached to the marker, as JSON"}}
        _json(path.with_suffix(".json"), about)
    return path


def _cell(text: str) -> str:
    """Return a text for one cell of a table."""
    return " ".join(text.split()) or "n/a"


def _physio(path: Path, table: Table, start: float) -> list[Path]:
    """Write one stream; ``path`` is that of its files without suffix."""
    data = path.with_name(f"{path.name}.tsv.gz")
    split = parts(table.times, table.info.rate_hz)
    rate = float(f"{effective_rate(split, table.info.rate_hz):.9g}")
    first = float(split[0].times[0])
    count = round((float(split[-1].times[-1]) - first) * rate) + 1
    grid = on_grid(split, table.values, first, rate, count)
    with gzip.open(data, "wt", encoding="utf-8", compresslevel=6) as file:
        for row in grid.tolist():
            file.write("\t".join("n/a" if value != value else repr(value) for value in row) + "\n")
    names = columns(table.info)
    about = {
        "SamplingFrequency": rate,
        "StartTime": round(first - start, 9),
        "Columns": names,
        **{n: {"Units": c.unit} for n, c in zip(names, table.info.channels, strict=True)},
    }
    return [data, _json(path.with_name(f"{path.name}.json"), about)]


def _json(path: Path, value: object) -> Path:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")
    return path
