"""Export to one Parquet file for each stream, with its description as metadata."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sentio_recording.export.table import Progress, columns, tables, wall
from sentio_recording.recording import Recording
from sentio_sensors.errors import AbsentError


def export(recording: Recording, out: Path, progress: Progress = lambda *_: None) -> list[Path]:
    """Write every stream: ``time`` and its channels.

    Streams whose times are derived also have ``original_time`` (the sender's clock) and
    ``arrived``. ``time`` is float64 seconds of the recording's clock. The metadata key ``sentio``
    contains name, kind, rate, units, and, if the wall time is known, the pair of times that links
    both clocks.

    Args:
        recording: Recording to export.
        out: Folder; created if it is missing.
        progress: Called for each stream.

    Raises:
        AbsentError: pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise AbsentError(
            "pyarrow is not installed", "pip install 'sentio-affect[recording]'"
        ) from None
    out.mkdir(parents=True, exist_ok=True)
    known = wall(recording)
    written = []
    for table in tables(recording, progress):
        names = columns(table.info)
        data = {"time": table.times}
        for index, name in enumerate(names):
            column = table.values[:, index]
            data[name if name != "time" else "time.2"] = (
                column.tolist() if table.info.format == "string" else column
            )
        for place, name in enumerate(table.stamp_names):
            data[name] = table.stamp_columns[:, place]
        about = {
            "name": table.info.name,
            "kind": table.info.kind,
            "rate_hz": table.info.rate_hz,
            "source_id": table.info.source_id,
            "units": [channel.unit for channel in table.info.channels],
            "meta": dict(table.info.meta),
            "clock": None if known is None else [known[0], known[1].isoformat()],
        }
        rows = pyarrow.table(data).replace_schema_metadata({"sentio": msgspec.json.encode(about)})
        path = out / f"{table.file}.parquet"
        pyarrow.parquet.write_table(rows, path)
        written.append(path)
    return written
