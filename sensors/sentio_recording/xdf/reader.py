"""Read XDF bytes, also damaged or hostile ones; no I/O, bounded memory.

Everything in a file is validated: lengths are compared with the bytes that follow, counts with
the available space, and XML is limited. Damaged parts are yielded as ``Damage``, and reading
continues at the next boundary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from mmap import mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_recording.errors import DamagedError, NotARecordingError
from sentio_recording.xdf import chunks as xdf
from sentio_recording.xdf.headers import StreamInfo, parse_footer, parse_header

File = bytes | mmap
"""Content of a file: in memory or memory-mapped."""

MAX_DAMAGES = 10_000
"""Limit of reported damages in one file: a hostile file could fill the memory."""

MAX_STAMP = 2.0**33
"""Largest plausible stamp, seconds (272 years), from the machine's start or from 1970."""

_SYNC = xdf.boundary()


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that could not be used.

    Attributes:
        offset: Position of the first byte.
        length: Number of bytes.
        why: Readable reason.
        stream: Their stream, if known.
    """

    offset: int
    length: int
    why: str
    stream: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A stream's header."""

    stream: int
    info: StreamInfo
    frame: xdf.Frame


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of one chunk.

    Attributes:
        stream: Stream number.
        times: Stamps ``(n,)`` as written: clock offsets are not applied.
        values: ``(n, channels)``; strings as an object array.
        frame: Position in the file.
        deduced: Number of stamps that were missing, not finite or not plausible, and were computed
            from the nominal rate.
    """

    stream: int
    times: NDArray[np.float64]
    values: NDArray[Any]
    frame: xdf.Frame
    deduced: int = 0


@dataclass(frozen=True, slots=True)
class Offset:
    """A clock offset: at ``time`` of the stream's clock, add ``offset``."""

    stream: int
    time: float
    offset: float


@dataclass(frozen=True, slots=True)
class Ended:
    """A stream's footer with its number of samples."""

    stream: int
    count: int | None


Item = Opened | Samples | Offset | Ended | Damage


def check_magic(data: File) -> None:
    """Raise an error unless the file starts like an XDF file.

    Raises:
        NotARecordingError: The magic number is missing.
    """
    if data[:4] != xdf.MAGIC:
        raise NotARecordingError(
            f"starts with {bytes(data[:4])!r}, expected {xdf.MAGIC!r}",
            "give an .xdf file or a recording's folder",
            offset=0,
        )


def walk(
    data: File, start: int = len(xdf.MAGIC), end: int | None = None
) -> Iterator[xdf.Frame | Damage]:
    """Yield the extent of every chunk, and damages; contents are not checked.

    Args:
        data: The file.
        start: Offset of the first chunk.
        end: Offset of the end; default is the end of the file.
    """
    with memoryview(data) as whole, whole[: len(data) if end is None else end] as view:
        at = start
        while at < len(view):
            try:
                frame = xdf.read_frame(view, at)
            except DamagedError as error:
                found = min(resync(data, at), len(view))
                yield Damage(at, found - at, error.what)
                at = found
                continue
            yield frame
            at = frame.end


def resync(data: File, at: int) -> int:
    """Return the offset of the next boundary chunk after ``at``, or of the end."""
    found = data.find(_SYNC, at + 1)
    if found >= 0:
        return found
    # Another program may encode a boundary's length in more bytes.
    found = data.find(xdf.BOUNDARY, at + 1)
    return found + len(xdf.BOUNDARY) if found >= 0 else len(data)


class Decoder:
    """Decoder of the chunks of one file, with the streams found so far.

    Args:
        data: The file.
    """

    def __init__(self, data: File) -> None:
        self._data = data
        self.infos: dict[int, StreamInfo] = {}
        self._last: dict[int, float] = {}

    def decode(self, frame: xdf.Frame) -> Item | None:
        """Decode one chunk; return None for kinds without content for a reader.

        Raises:
            DamagedError: Its content is invalid for its kind.
        """
        with memoryview(self._data) as view:
            return self._decode(view, frame)

    def _decode(self, view: memoryview, frame: xdf.Frame) -> Item | None:
        stream = xdf.stream_of(view, frame)
        if frame.tag == xdf.Tag.BOUNDARY:
            if view[frame.content : frame.end] != xdf.BOUNDARY:
                raise DamagedError("a boundary with invalid bytes", offset=frame.offset)
            return None
        if stream is None:
            return None
        body = frame.content + 4
        if frame.tag == xdf.Tag.STREAM_HEADER:
            return self._opened(stream, bytes(view[body : frame.end]), frame)
        info = self.infos.get(stream)
        if info is None:
            return Damage(frame.offset, frame.length, f"stream {stream} has no header", stream)
        if frame.tag == xdf.Tag.SAMPLES:
            times, values = xdf.read_samples(view, frame, info.format, len(info.channels))
            deduced = self._deduce(stream, info.rate_hz, times)
            return Samples(stream, times, values, frame, deduced)
        if frame.tag == xdf.Tag.CLOCK_OFFSET:
            return Offset(stream, *xdf.read_clock_offset(view, frame))
        return Ended(stream, parse_footer(bytes(view[body : frame.end]), frame.offset))

    def _opened(self, stream: int, xml: bytes, frame: xdf.Frame) -> Item:
        if stream in self.infos:
            return Damage(frame.offset, frame.length, f"stream {stream} is described twice", stream)
        info = parse_header(xml, frame.offset)
        self.infos[stream] = info
        return Opened(stream, info, frame)

    def _deduce(self, stream: int, rate: float, times: NDArray[np.float64]) -> int:
        """Compute missing stamps: each one period after its predecessor."""
        # Fast path at a quarter of the cost; a NaN makes both comparisons false.
        if len(times) and -MAX_STAMP < times.min() and times.max() < MAX_STAMP:
            self._last[stream] = float(times[-1])
            return 0
        holes = np.flatnonzero(~(np.abs(times) < MAX_STAMP))
        period = 1.0 / rate if rate else 0.0
        for hole in holes:
            before = times[hole - 1] if hole else self._last.get(stream, 0.0)
            times[hole] = before + period
        if len(times):
            self._last[stream] = float(times[-1])
        return len(holes)


def read(data: File, frames: Iterable[xdf.Frame | Damage] | None = None) -> Iterator[Item]:
    """Yield the items of a file.

    Args:
        data: The file.
        frames: Chunks to read, for example verified by a journal; default walks the file.

    Raises:
        NotARecordingError: It does not start like an XDF file.
    """
    check_magic(data)
    decoder = Decoder(data)
    pending = iter(walk(data) if frames is None else frames)
    damages = 0
    while (frame := next(pending, None)) is not None:
        item: Item | None
        if isinstance(frame, Damage):
            item = frame
        else:
            try:
                item = decoder.decode(frame)
            except DamagedError as error:
                end = frame.end
                if frames is None and frame.tag != xdf.Tag.STREAM_FOOTER:
                    # Its length may be wrong: do not skip by it.
                    end = resync(data, frame.offset)
                    pending = walk(data, end)
                item = Damage(frame.offset, end - frame.offset, error.what, _owner(data, frame))
        damages += isinstance(item, Damage)
        if item is not None and (damages <= MAX_DAMAGES or not isinstance(item, Damage)):
            yield item


def _owner(data: File, frame: xdf.Frame) -> int | None:
    with memoryview(data) as view:
        return xdf.stream_of(view, frame)
