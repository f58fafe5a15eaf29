"""Export to one CSV file for each stream."""

from __future__ import annotations

import csv
from math import isnan
from pathlib import Path

from sentio_recording.export.table import Progress, columns, tables
from sentio_recording.recording import Recording


def export(recording: Recording, out: Path, progress: Progress = lambda *_: None) -> list[Path]:
    """Write every stream with its times in full precision.

    Times are seconds of the recording's clock; unknown numbers are empty. Streams whose times are
    derived have their original stamps (the sender's clock) and arrivals in two more columns.

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
            rows.writerow(["time", *columns(table.info), *table.stamp_names])
            stamps = table.stamp_columns.tolist()
            for time, row, more in zip(
                table.times.tolist(), table.values.tolist(), stamps, strict=True
            ):
                rows.writerow([repr(time), *map(_cell, row), *map(_cell, more)])
        written.append(path)
    return written


def _cell(value: object) -> object:
    return "" if isinstance(value, float) and isnan(value) else value
