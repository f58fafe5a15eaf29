"""Reader of the SD card files of OpenBCI's Cyton: hexadecimal lines.

Format: OpenBCI's documentation, "Using SD Card with OpenBCI".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import FormatError
from sentio_sensors.files.content import FileChannel, FileContent, Hints
from sentio_sensors.files.head import Head
from sentio_sensors.files.table.grid import MAX_TABLE_BYTES
from sentio_sensors.files.table.times import rate_of

NAME = "OpenBCI SD card"

RATE_HZ = 250.0
"""Rate on the card, with a Daisy module too."""

EEG_SCALE = 4.5e6 / 24 / (2**23 - 1)
"""uV of one count at the default gain of 24: 4.5 V are the converter's range."""

ACCEL_SCALE = 0.002 / 16
"""g of one count."""

LONG_S = 5.0
"""Seconds of samples from which the clock of the board shows their rate."""

OFF = 0.02
"""Share by which the rate must be off to be believed: the clock is read around the samples."""

META = 10_000
"""Limit of lines that begin with a percent sign."""

BLOCK = 1 << 15
"""Lines that are decoded at once."""

_ROW = re.compile(
    r"^[0-9A-F]{2}(?:,[0-9A-F]{6}){8}(?:(?:,[0-9A-F]{6}){8})?(?:(?:,[0-9A-F]{4}){3})?$",
    re.IGNORECASE,
)
_LETTER = re.compile("[A-F]", re.IGNORECASE)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Decoded lines, in the order of the file.

    Attributes:
        place: Byte at which each line begins.
        counter: Sample number, 0..255.
        values: Channels, counts.
        accel: Axes, counts; NaN in lines without.
    """

    place: Ints
    counter: Ints
    values: Floats
    accel: Floats


def matches(head: Head) -> bool:
    """Return whether the file is of a Cyton's card."""
    lines = [line.strip() for line in head.lines[:200]]
    rows = [line for line in lines if _ROW.match(line)]
    if lines[0].startswith("%"):
        return bool(rows)
    return len(rows) > 2 and any(_LETTER.search(row) for row in rows)


def read(head: Head, hints: Hints) -> FileContent:
    """Read EEG in uV and acceleration in g.

    Raises:
        FormatError: The file is too large.
    """
    if head.size > MAX_TABLE_BYTES:
        raise FormatError(
            f"{head.path.name} has {head.size / 2**30:.1f} GiB of text, expected at most "
            f"{MAX_TABLE_BYTES >> 30} GiB",
            f"split it into parts: split -C 500M {head.path}",
        )
    data = np.frombuffer(head.path.read_bytes(), np.uint8)
    content = FileContent(NAME)
    ends = np.r_[np.flatnonzero(data == ord("\n")), len(data)].astype(np.int64)
    starts = np.r_[0, ends[:-1] + 1]
    ends -= (ends > starts) & (data[np.maximum(ends - 1, 0)] == ord("\r"))
    meta = _meta(data, starts, ends)
    finish = next((place for place, name, _ in meta if name.startswith("%Total time")), len(data))
    if finish < len(data):  # the card keeps what an earlier file wrote
        starts, ends = starts[starts < finish], ends[starts < finish]
    rows = _rows(data, starts, ends)
    values = _values(starts, data, meta)
    filled = int(np.count_nonzero((ends > starts) & (data[np.minimum(starts, len(data) - 1)] != 0)))
    if left := filled - len(rows.counter) - values:
        content.notes.append(f"damaged lines, which are left out: {left}")
    times, rate = _times(rows, meta, hints.rate_hz, content)
    channels = tuple(FileChannel(f"EXG {i}", "uV", "EEG") for i in range(rows.values.shape[1]))
    content.add("eeg", "EEG", rate, channels, times, rows.values * EEG_SCALE)
    content.notes.append("uV for a gain of 24, the default: the file does not state it")
    moved = np.isfinite(rows.accel).all(axis=1)
    if rows.accel[moved].any():
        axes = tuple(FileChannel(axis, "g", "ACCEL") for axis in "xyz")
        at, accel = times[moved], rows.accel[moved] * ACCEL_SCALE
        content.add("accel", "ACCEL", rate_of(at) if len(at) > 1 else 0.0, axes, at, accel)
    return content


def _meta(data: NDArray[np.uint8], starts: Ints, ends: Ints) -> list[tuple[int, str, int | None]]:
    """Return place, text and value, in the next line, of lines with a percent sign."""
    found = []
    inside = np.flatnonzero((ends > starts) & (data[np.minimum(starts, len(data) - 1)] == ord("%")))
    for line in inside[:META].tolist():
        name = _text(data, starts[line], ends[line])
        value = None
        if line + 1 < len(starts):
            text = _text(data, starts[line + 1], ends[line + 1])
            value = int(text, 16) if re.fullmatch(r"[0-9A-Fa-f]{8}", text) else None
        found.append((int(starts[line]), name, value))
    return found


def _text(data: NDArray[np.uint8], start: int, end: int) -> str:
    return data[start : min(end, start + 80)].tobytes().decode("ascii", "replace").strip()


def _values(starts: Ints, data: NDArray[np.uint8], meta: list[tuple[int, str, int | None]]) -> int:
    """Return how many lines before the end are text or its value."""
    last = int(starts[-1]) if len(starts) else 0
    return sum(1 + (value is not None) for place, _, value in meta if place <= last)


def _rows(data: NDArray[np.uint8], starts: Ints, ends: Ints) -> _Rows:
    """Decode the lines of the most frequent number of channels."""
    lengths = ends - starts
    sizes = {n: 2 + 7 * n for n in (8, 16)}
    counts = {n: int(np.isin(lengths, (size, size + 15)).sum()) for n, size in sizes.items()}
    channels = max(counts, key=lambda n: counts[n])
    size = sizes[channels]
    chosen = np.flatnonzero(np.isin(lengths, (size, size + 15)))
    parts = [
        _decoded(data, starts[part], lengths[part] > size, channels)
        for part in np.split(chosen, range(BLOCK, len(chosen), BLOCK))
    ]
    return _Rows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _decoded(
    data: NDArray[np.uint8], starts: Ints, moved: NDArray[np.bool_], channels: int
) -> tuple[Ints, Ints, Floats, Floats]:
    """Return the columns of ``_Rows``; damaged lines are omitted."""
    size = 2 + 7 * channels
    width = size + 15
    at = np.minimum(starts[:, None] + np.arange(width), max(0, len(data) - 1))
    cells = _DIGITS[data[at]]
    commas = np.r_[np.arange(2, size, 7), np.arange(size, width, 5)]
    digits = np.setdiff1d(np.arange(width), commas)
    tail = np.arange(width) >= size
    good = (cells[:, commas] == _COMMA) | (tail[commas] & ~moved[:, None])
    fine = (cells[:, digits] < 16) | (tail[digits] & ~moved[:, None])
    whole = good.all(axis=1) & fine.all(axis=1)
    starts, moved, cells = starts[whole], moved[whole], cells[whole].astype(np.int64)
    counter = cells[:, 0] * 16 + cells[:, 1]
    body = np.delete(cells[:, 2:size].reshape(len(cells), channels, 7), 0, axis=2)
    values = _signed(body)
    axes = np.delete(cells[:, size:].reshape(len(cells), 3, 5), 0, axis=2)
    accel = np.where(moved[:, None], _signed(np.minimum(axes, 15)), np.nan)
    return starts, counter, values, accel


def _signed(digits: NDArray[np.int64]) -> Floats:
    """Return the two's complement numbers of hexadecimal digits along the last axis."""
    count = digits.shape[-1]
    numbers = digits @ (16 ** np.arange(count)[::-1])
    signed: Floats = np.where(numbers >= 16**count // 2, numbers - 16**count, numbers).astype(float)
    return signed


def _times(
    rows: _Rows,
    meta: list[tuple[int, str, int | None]],
    stated: float | None,
    content: FileContent,
) -> tuple[Floats, float]:
    """Return the time of each line by its sample number, and the rate.

    Each start of the stream states the time in milliseconds since the board was switched on.
    """
    begins = [(p, v) for p, name, v in meta if name.startswith("%START") and v is not None]
    stops = [(p, v) for p, name, v in meta if name.startswith("%STOP") and v is not None]
    edges = [0, *np.searchsorted(rows.place, [p for p, _ in begins]).tolist(), len(rows.place)]
    segments = []
    for number, (first, last) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        if last == first:
            continue
        start = begins[number - 1][1] / 1000 if number else None
        place = int(rows.place[first])
        until = int(rows.place[last]) if last < len(rows.place) else np.inf
        stop = next((v / 1000 for p, v in stops if place < p < until), None)
        segments.append((first, last, start, stop, _indices(rows.counter[first:last])))
    lost = sum(int(index[-1]) + 1 - len(index) for *_, index in segments)
    if lost:
        content.notes.append(f"samples that the card lost, by the sample number: {lost}")
    found = next((v for _, name, v in meta if name.startswith("%SamplingFreq") and v), None)
    rate = stated or _measured(segments, float(found or RATE_HZ), content)
    times = np.empty(len(rows.counter))
    end, again = 0.0, 0
    for first, last, start, _, index in segments:
        if start is None or start < end - LONG_S:
            again += start is not None and end > 0
            start = end
        times[first:last] = max(start, end) + index / rate
        end = float(times[last - 1]) + 1 / rate
    if again:
        content.notes.append(f"the board was switched on again {again} times: the parts follow one "
                             "after another")  # fmt: skip
    return times, rate


def _indices(counter: Ints) -> Ints:
    """Return the number of each sample since the first, by a counter of 8 bits."""
    steps = (np.diff(counter) - 1) % 256 + 1
    if not len(steps) or np.median(steps) != 1:
        return np.arange(len(counter))
    index: Ints = np.r_[0, np.cumsum(steps)]
    return index


def _measured(
    segments: list[tuple[int, int, float | None, float | None, Ints]],
    rate: float,
    content: FileContent,
) -> float:
    """Return the rate by the clock of the board, where it contradicts ``rate``."""
    known = [(index, stop - start) for _, _, start, stop, index in segments
             if start is not None and stop is not None and stop - start > LONG_S]  # fmt: skip
    seconds = sum(length for _, length in known)
    if not known:
        return rate
    measured = sum(int(index[-1]) + 1 for index, _ in known) / seconds
    if abs(measured / rate - 1) < OFF:
        return rate
    near = next((r for r in (125.0, 250.0, 500.0, 1000.0) if abs(measured / r - 1) < OFF), measured)
    content.notes.append(f"{near:g} Hz by the clock of the board, where {rate:g} Hz is usual")
    return near


_COMMA = 16
_DIGITS = np.full(256, 99, np.uint8)
_DIGITS[[ord(c) for c in "0123456789ABCDEF"]] = range(16)
_DIGITS[[ord(c) for c in "abcdef"]] = range(10, 16)
_DIGITS[ord(",")] = _COMMA
