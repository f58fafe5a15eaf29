"""Export regular signals and markers to one EDF+ file."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_recording.export.table import Progress, Table, columns, tables, wall
from sentio_recording.recording import Recording
from sentio_sensors.errors import AbsentError, FormatError

MAX_SECONDS = 14 * 86400
"""Two weeks; a longer recording means that a clock jumped, and would fill the memory."""

_UNITS = {"1": "", "au": "", "uV": "uV", "degC": "degC"}


def export(
    recording: Recording,
    out: Path,
    progress: Progress = lambda *_: None,
    kinds: frozenset[str] | None = None,
) -> list[Path]:
    """Write regular numeric streams, on their nominal grid, and all markers.

    EDF has one start and fixed rates: each signal is interpolated linearly on the grid of its
    nominal rate (rounded to a whole number), starting at the first sample of all streams. During
    gaps of more than three periods, and before and after the stream, the grid is 0 and an
    annotation ``gap: NAME`` marks the period. A reconnected device continues its signals. Values
    are 16 bits over the signal's range.

    Args:
        recording: Recording to export.
        out: The file, ``.edf``.
        progress: Called for each stream.
        kinds: Only streams of these types (``EEG``, ...); all by default.

    Raises:
        AbsentError: edfio is not installed.
        FormatError: There is no regular numeric stream.
    """
    try:
        import edfio
    except ImportError:
        raise AbsentError(
            "edfio is not installed", "pip install 'sentio-affect[recording]'"
        ) from None
    found = list(tables(recording, progress))
    regular = _joined(
        t
        for t in found
        if t.info.format != "string"
        and t.info.rate_hz > 0
        and "media" not in t.info.meta
        and (kinds is None or t.info.kind in kinds)
    )
    if not regular:
        raise FormatError("there is no regular signal in the recording", "export to csv instead")
    start = min(float(t.times.min()) for t in regular)
    end = max(float(t.times.max()) + 1 / t.info.rate_hz for t in regular)
    seconds = max(1, int(np.ceil(end - start - 1e-3)))
    if seconds > MAX_SECONDS:
        raise FormatError(
            f"{seconds} s from first to last sample: a clock jumped", "export to csv or parquet"
        )
    signals, notes = [], []
    for table in regular:
        grid, gaps = _grid(table, start, seconds)
        rate = grid.shape[0] / seconds
        for index, name in enumerate(columns(table.info)):
            unit = table.info.channels[index].unit
            signals.append(
                edfio.EdfSignal(
                    grid[:, index],
                    rate,
                    label=_ascii(name)[:16],
                    physical_dimension=_ascii(_UNITS.get(unit, unit))[:8],
                    physical_range=_range(grid[:, index]),
                )
            )
        notes += [edfio.EdfAnnotation(a, b - a, f"gap: {_ascii(table.label)}") for a, b in gaps]
    for table in found:
        if table.info.kind == "Markers":
            notes += [
                edfio.EdfAnnotation(float(t) - start, None, str(row[0]))
                for t, row in zip(table.times, table.values, strict=True)
                if float(t) >= start
            ]
    known = wall(recording)
    moment = known and known[1] + datetime.timedelta(seconds=start - known[0])
    edf = edfio.Edf(
        signals,
        annotations=notes,
        recording=edfio.Recording(startdate=moment.date(), equipment_code="sentio")
        if moment
        else edfio.Recording(),
        starttime=moment.time() if moment else None,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    edf.write(out)
    return [out]


def _joined(found: Iterable[Table]) -> list[Table]:
    """Join the streams of one source that was reconnected."""
    parts: dict[tuple[str, float, tuple[str, ...]], list[Table]] = {}
    for table in found:
        source = table.info.source_id or str(table.number)
        parts.setdefault((source, table.info.rate_hz, tuple(columns(table.info))), []).append(table)
    return [
        replace(
            tables[0],
            times=np.concatenate([t.times for t in tables]),
            values=np.concatenate([t.values for t in tables]),
        )
        for tables in parts.values()
    ]


def _grid(
    table: Table, start: float, seconds: int
) -> tuple[NDArray[np.float64], list[tuple[float, float]]]:
    """Return a stream on its nominal grid, and its gaps (seconds from ``start``)."""
    rate = max(1, round(table.info.rate_hz))
    at = start + np.arange(seconds * rate) / rate
    times = np.maximum.accumulate(table.times)
    values = np.stack(
        [np.interp(at, times, table.values[:, i].astype(float), 0.0, 0.0)
         for i in range(table.values.shape[1])],
        1,
    )  # fmt: skip
    values[~np.isfinite(values)] = 0.0
    edges = np.concatenate([[start], times, [start + seconds]])
    silent = np.flatnonzero(np.diff(edges) > 3.0 / table.info.rate_hz + 0.05)
    gaps = [(float(edges[i]) - start, float(edges[i + 1]) - start) for i in silent]
    for begin, end in gaps:
        inside = (at - start > begin + 0.5 / rate) & (at - start < end - 0.5 / rate)
        values[inside] = 0.0
    return values, gaps


def _range(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the range of all values, rounded outwards to EDF's eight characters."""
    low, high = float(values.min()), float(values.max())
    low, high = min(low, 0.0), max(high, 0.0)
    scale = 10.0 ** max(0, int(np.ceil(np.log10(max(high, -low, 1e-9)))) - 4)
    step = (
        min(1.0, scale)
        if scale > 1
        else 10.0 ** (int(np.ceil(np.log10(max(high, -low, 1e-4)))) - 4)
    )
    low, high = np.floor(low / step) * step, np.ceil(high / step) * step
    digits = max(0, -int(np.floor(np.log10(step))))
    return round(low, digits), round(max(high, low + step), digits)


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode().replace("?", "_")
