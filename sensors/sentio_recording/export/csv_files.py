"""Export to one CSV file for each stream."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

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
            parts = table.times.tolist(), _cells(table.values), _cells(table.stamp_columns)
            rows.writerows([time, *row, *more] for time, row, more in zip(*parts, strict=True))
        written.append(path)
    return written


def _cells(values: NDArray[Any]) -> list[list[Any]]:
    """Return the rows with empty texts in place of unknown numbers."""
    if values.dtype.kind == "f" and (unknown := np.isnan(values)).any():
        values = values.astype(object)
        values[unknown] = ""
    return cast("list[list[Any]]", values.tolist())
