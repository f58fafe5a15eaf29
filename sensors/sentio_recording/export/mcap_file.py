"""Export to one MCAP file with JSON messages, for example for Foxglove."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from sentio_recording.export.table import Progress, Table, columns, tables, wall
from sentio_recording.recording import Recording
from sentio_sensors.errors import AbsentError


def export(recording: Recording, out: Path, progress: Progress = lambda *_: None) -> list[Path]:
    """Write every stream as a channel, with messages in order of time.

    Times are nanoseconds since 1970 if the recording contains the wall time, else of its own
    clock. Unknown numbers (NaN) are omitted.

    Args:
        recording: Recording to export.
        out: The file, ``.mcap``.
        progress: Called for each stream.

    Raises:
        AbsentError: mcap is not installed.
    """
    try:
        from mcap.writer import Writer
    except ImportError:
        raise AbsentError(
            "mcap is not installed", "pip install 'sentio-affect[recording]'"
        ) from None
    known = wall(recording)
    shift = known[1].timestamp() - known[0] if known is not None else 0.0
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as file:
        writer = Writer(file)
        writer.start("", "sentio")
        queues = []
        for table in tables(recording, progress):
            schema = writer.register_schema(
                table.info.kind or "stream", "jsonschema", _schema(table)
            )
            channel = writer.register_channel(
                f"/{table.label}", "json", schema, {"stream": str(table.number)}
            )
            queues.append(_messages(table, channel, shift))
        for at, channel, data in heapq.merge(*queues):
            writer.add_message(channel, at, data, at)
        writer.finish()
    return [out]


def _messages(table: Table, channel: int, shift: float) -> Iterator[tuple[int, int, bytes]]:
    names = columns(table.info)
    text = table.info.format == "string"
    for time, row in zip(table.times.tolist(), table.values.tolist(), strict=True):
        fields: dict[str, Any] = dict(zip(names, row, strict=True))
        if not text:
            fields = {k: v for k, v in fields.items() if np.isfinite(v)}
        at = max(0, round((time + shift) * 1e9))
        yield at, channel, msgspec.json.encode({"time": time, **fields})


def _schema(table: Table) -> bytes:
    kind = "string" if table.info.format == "string" else "number"
    fields = {name: {"type": kind} for name in columns(table.info)}
    return msgspec.json.encode(
        {"type": "object", "properties": {"time": {"type": "number"}, **fields}}
    )
