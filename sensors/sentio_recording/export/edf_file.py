"""Export regular signals and markers to one EDF+ file."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_recording.export import changes_table
from sentio_recording.export.channels import Measured, main_role, measured
from sentio_recording.export.grid import effective_rate, on_grid, parts
from sentio_recording.export.people import Person, chosen
from sentio_recording.export.table import Progress, Table, columns, marker_text, tables, wall
from sentio_recording.export.unknown import unknown_periods
from sentio_recording.recording import Recording
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors.errors import AbsentError, FormatError

log = logging.getLogger(__name__)

MAX_SECONDS = 14 * 86400
"""Two weeks; a longer recording means that a clock jumped, and would fill the memory."""

BRIDGED = 0.05
"""Seconds, and three periods, that are bridged by a line: the code for unknown would be a spike."""

MAX_TEXT = 400
"""Characters of an annotation: EDF reserves room for the longest one in every second."""

MAX_SIGNALS = 9_998
"""The header has four digits for the number of signals, the annotations among them."""

MAX_LABEL = 16
"""Characters of a label in EDF."""

LARGEST = 1e7
"""Values from here on have no room in EDF's header, which has eight characters for a range."""

UNKNOWN = -32768
"""Code of a value that is unknown; measured ones begin above it."""

GAP = "BAD_gap"
"""Beginning of annotations of gaps: MNE leaves out what begins with BAD."""

UNKNOWN_CHANNEL = "unknown"
"""Beginning of annotations of one channel without numbers, beside others that have some."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gap:
    """Period without samples, or of one channel without numbers.

    Attributes:
        label: Stream that has no samples.
        onset: Seconds after the start of the file.
        seconds: Its length.
        channel: Channel that has samples and no numbers; empty for all.
    """

    label: str
    onset: float
    seconds: float
    channel: str = ""

    @property
    def text(self) -> str:
        """Text of its annotation."""
        if self.channel:
            return f"{UNKNOWN_CHANNEL}: {self.label} {self.channel}"
        return f"{GAP}: {self.label}"


@dataclass(frozen=True, slots=True)
class Signals:
    """One stream on its grid.

    Attributes:
        table: The stream.
        grid: ``(n, channels)`` in the units of ``channels``; NaN if unknown.
        rate_hz: Whole number.
        gaps: Periods without samples or numbers.
        channels: What the channels measure.
    """

    table: Table
    grid: Floats
    rate_hz: int
    gaps: list[Gap]
    channels: list[Measured]


def export(
    recording: Recording,
    out: Path,
    progress: Progress = lambda *_: None,
    kinds: frozenset[str] | None = None,
    subjects: Sequence[str | Person] = (),
) -> list[Path]:
    """Write one file for each person; see ``write``.

    It is ``out`` for one person, ``NAME_sub-LABEL.edf`` in the same folder for several. Beside it
    ``NAME_changes.tsv`` has adaptations, overrides and freezes, described by ``.json``.

    Args:
        recording: Recording to export.
        out: The file, ``.edf``.
        progress: Called for each stream.
        kinds: Only streams of these types (``EEG``, ...); all by default.
        subjects: As for ``people.chosen``.

    Raises:
        AbsentError: edfio is not installed.
        FormatError: There is no regular numeric stream, or no such person.
    """
    people = chosen(recording, subjects, "edf", out)
    clock = wall(recording)
    written = []
    for person in people:
        path = out
        if len(people) > 1:
            path = out.with_name(f"{out.stem}_sub-{person.label}{out.suffix}")
        found = list(tables(recording, progress, person.subject))
        if len(people) > 1 and not any(map(_is_regular, found)):
            log.warning("%s has no regular signal, and no file", person.subject)
            continue
        start, streams = gridded(found, kinds)
        write(found, start, streams, path, clock)
        changes = path.with_name(f"{path.stem}_changes")
        written += [path, *changes_table.write(recording, changes, person.subject, start)]
    if not written:
        raise FormatError("there is no regular signal in the recording", "export to csv instead")
    return written


def write(
    found: list[Table],
    start: float,
    streams: list[Signals],
    out: Path,
    clock: tuple[float, datetime.datetime] | None,
) -> None:
    """Write regular numeric streams, on their nominal grid, and all markers.

    EDF has one start and fixed rates: each signal is put on the grid of its nominal rate (rounded
    to a whole number) that starts at the first sample of all streams. Samples are moved whole, or
    resampled within the bandwidth where the device's real rate differs (``grid``). Where samples
    are missing, and before and after the stream, the value is the lowest code, -32768, which no
    measured value has, and an annotation ``BAD_gap: NAME`` marks the period; up to three missing
    samples are bridged by a line, and marked too. So are samples without numbers, of one channel
    among others as ``unknown: NAME CHANNEL``. A reconnected device continues its signals.
    Values are 16 bits over the signal's range.

    Args:
        found: Streams of one person, with the markers.
        start: Time of the first sample on the recording's clock, from which the file counts.
        streams: The regular ones on their grids (``gridded``).
        out: The file, ``.edf``.
        clock: One instant on the recording's clock and as UTC; None if unknown.

    Raises:
        AbsentError: edfio is not installed.
        FormatError: EDF has no room for them.
    """
    try:
        import edfio
    except ImportError:
        raise AbsentError(
            "edfio is not installed", "pip install 'sentio-affect[recording]'"
        ) from None
    gaps = [gap for stream in streams for gap in stream.gaps]
    notes = [edfio.EdfAnnotation(gap.onset, gap.seconds, _text(gap.text)) for gap in gaps]
    for table in found:
        if table.info.kind == "Markers":
            notes += [
                edfio.EdfAnnotation(float(t) - start, None, _text(marker_text(row)))
                for t, row in zip(table.times, table.values, strict=True)
            ]
    moment = clock and clock[1] + datetime.timedelta(seconds=start - clock[0])
    signals = list(_signals(streams))
    if not 0 < len(signals) <= MAX_SIGNALS:
        raise FormatError(
            f"{len(signals)} signals that EDF can hold, expected 1 to {MAX_SIGNALS}",
            "export to csv or parquet instead",
        )
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


def gridded(found: list[Table], kinds: frozenset[str] | None = None) -> tuple[float, list[Signals]]:
    """Return the start of a file with the regular streams, and these on their grids.

    Args:
        found: All streams.
        kinds: Only streams of these types; all by default.

    Raises:
        FormatError: There is none, or a clock jumped.
    """
    regular = _joined(
        t for t in found if _is_regular(t) and (kinds is None or _is_of(t.info, kinds))
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
    split = [parts(t.times, t.info.rate_hz) for t in regular]
    # Even times may begin some microseconds before the first stamp.
    start = min(float(part.times[0]) for found in split for part in found[:1])
    return start, [
        _gridded(table, found, start, seconds) for table, found in zip(regular, split, strict=True)
    ]


def _is_of(info: StreamInfo, kinds: frozenset[str]) -> bool:
    return info.kind in kinds or main_role(info).value.upper() in kinds


def _is_regular(table: Table) -> bool:
    info = table.info
    return info.format != "string" and info.rate_hz > 0 and "media" not in info.meta


def _joined(found: Iterable[Table]) -> list[Table]:
    """Join the streams of one source that was reconnected."""
    same: dict[tuple[str, float, tuple[str, ...]], list[Table]] = {}
    for table in found:
        source = table.info.source_id or str(table.number)
        same.setdefault((source, table.info.rate_hz, tuple(columns(table.info))), []).append(table)
    return [
        replace(
            tables[0],
            times=np.concatenate([t.times for t in tables]),
            values=np.concatenate([t.values for t in tables]),
        )
        for tables in same.values()
    ]


def _gridded(table: Table, found: list[Any], start: float, seconds: int) -> Signals:
    rate = max(1, round(table.info.rate_hz))
    count = seconds * rate
    codes = table.info.kind == "OTHER"
    grid = on_grid(found, table.values, start, rate, count, nearest=codes)
    period = 1 / effective_rate(found, table.info.rate_hz)
    ends = (t for part in found for t in (part.times[0], part.times[-1] + period))
    edges = [start, *ends, start + seconds]
    gaps = [
        Gap(table.label, float(a) - start, float(b - a))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
        if b - a > 0.5 * period
    ]
    names = columns(table.info)
    gaps += [
        Gap(table.label, first / rate, (end - first) / rate, "" if at is None else names[at])
        for at, first, end in unknown_periods(grid, found, start, rate)
    ]
    for gap in gaps:
        if gap.seconds - period < max(BRIDGED, 3 * period):
            end = gap.onset + gap.seconds
            _bridge(grid, int(np.floor(gap.onset * rate)), int(np.ceil(end * rate)))
    channels = measured(table.info)
    for column, channel in enumerate(channels):
        if not channel.conversion.none:
            grid[:, column] = channel.conversion.apply(grid[:, column])
    return Signals(table, grid, rate, gaps, channels)


def _bridge(grid: Floats, first: int, last: int) -> None:
    """Fill unknown values between two known ones by a line."""
    at = np.arange(max(0, first - 2), min(len(grid), last + 3))
    for column in range(grid.shape[1]):
        values = grid[at, column]
        known = np.isfinite(values)
        inner = ~known & (np.cumsum(known) > 0) & (np.cumsum(known[::-1])[::-1] > 0)
        if inner.any():
            grid[at[inner], column] = np.interp(at[inner], at[known], values[known])


def labels(streams: list[Signals]) -> Iterator[tuple[Signals, int, str]]:
    """Yield the channels of a file that EDF has room for, with labels that are unique."""
    taken: set[str] = set()
    for stream in streams:
        largest = np.nanmax(np.abs(stream.grid), axis=0, initial=0.0).tolist()
        for index, name in enumerate(columns(stream.table.info)):
            if largest[index] >= LARGEST:  # counters and time stamps
                log.warning(
                    "%s/%s is left out: EDF has no room for values from %.3g on; export to csv",
                    stream.table.label, name, LARGEST,
                )  # fmt: skip
                continue
            whole, count = _ascii(name), 1
            label = whole[:MAX_LABEL]
            while label in taken:
                count += 1
                label = f"{whole[: MAX_LABEL - len(str(count)) - 1]}-{count}"
            taken.add(label)
            yield stream, index, label


def _signals(streams: list[Signals]) -> Iterator[Any]:
    import edfio

    for stream, index, label in labels(streams):
        values = stream.grid[:, index]
        low, high = _range(values)
        unknown = np.isnan(values)
        yield edfio.EdfSignal(
            # Clipped, since a limit of eight characters may be below its value by rounding.
            np.clip(np.where(unknown, low, values), low, high),
            stream.rate_hz,
            label=label,
            physical_dimension=_ascii(stream.channels[index].unit)[:8],
            physical_range=(low, high),
            digital_range=(UNKNOWN, 32767),
        )


def _range(values: Floats) -> tuple[float, float]:
    """Return a range of eight characters each, at least two codes below all values."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    low -= max(high - low, 1e-6 * max(abs(low), abs(high), 1.0)) / 16000
    scale = 10.0 ** max(-4, int(np.ceil(np.log10(max(abs(low), abs(high), 1e-4)))) - 5)
    low, high = np.floor(low / scale) * scale, np.ceil(high / scale) * scale
    digits = max(0, -int(np.floor(np.log10(scale))))
    return round(float(low), digits), round(float(max(high, low + scale)), digits)


def _text(text: str) -> str:
    """Return a text for an annotation: short, and without the separators of EDF."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain if len(plain) <= MAX_TEXT else plain[: MAX_TEXT - 3] + "..."


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode().replace("?", "_")
