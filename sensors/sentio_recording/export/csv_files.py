"""Export to one CSV file for each stream."""

from __future__ import annotations

import csv
from pathlib import Path

from sentio_recording.export.table import Progress, columns, tables
from sentio_recording.recording import Recording


def export(recording: Recording, out: Path, progress: Progress = lambda *_: None) -> list[Path]:
    """Write every stream with its times in full precision.

    Times are seconds of the recording's clock.

    Args:
        recording: Recording to export.
        out: Folder; created if it is missing.
        progress: Called for each stream.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for table in tables(recording, progress):
        path = out / f"{table.file}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["time", *columns(table.info)])
            for time, row in zip(table.times.tolist(), table.values.tolist(), strict=True):
                rows.writerow([repr(time), *row])
        written.append(path)
    return written
