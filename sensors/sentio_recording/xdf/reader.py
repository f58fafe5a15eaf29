"""Reads XDF bytes, whatever became of them; no I/O, memory bounded by what is really there.

Nothing that a file says is believed before it fits: lengths are compared with the bytes that
follow, counts with the room for them, XML is bounded. What is damaged is yielded as ``Damage``
and reading goes on at the next boundary.
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
"""A whole file: in memory, or mapped so that only the touched parts are."""

MAX_DAMAGES = 10_000
"""Damages told of one file; beyond that it is noise, and a hostile file could fill memory."""

PLAUSIBLE = 2.0**33
"""Seconds (272 years): no clock says more, be it of a machine's start or of 1970."""

_SYNC = xdf.boundary()


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that could not be used.

    Attributes:
        offset: Of the first.
        length: How many.
        why: For a person.
        stream: Whose they were, where that is known.
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
        stream: Their stream.
        times: Stamps ``(n,)``, as written: offsets to another clock are not applied.
        values: ``(n, channels)``; strings as an object array.
        frame: Where they are.
        deduced: Stamps that were missing, not finite or not plausible, and follow from the
            nominal rate.
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
    """A stream's footer, with the number of samples that it states."""

    stream: int
    count: int | None


Item = Opened | Samples | Offset | Ended | Damage


def check_magic(data: File) -> None:
    """Refuse what does not begin like an XDF file.

    Raises:
        NotARecordingError: It does not.
    """
    if data[:4] != xdf.MAGIC:
        raise NotARecordingError(
            f"begins with {bytes(data[:4])!r}, expected {xdf.MAGIC!r}",
            "give an .xdf file or a recording's folder",
            offset=0,
        )


def walk(
    data: File, start: int = len(xdf.MAGIC), end: int | None = None
) -> Iterator[xdf.Frame | Damage]:
    """Yield the extent of every chunk, and damages in between; contents are not looked at.

    Args:
        data: The file.
        start: Offset of the first chunk.
        end: Where to stop; the end of the file by default.
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
    """Return where the next boundary chunk begins after ``at``, or the end of the file."""
    found = data.find(_SYNC, at + 1)
    if found >= 0:
        return found
    # Another program may write a boundary's length in more bytes.
    found = data.find(xdf.BOUNDARY, at + 1)
    return found + len(xdf.BOUNDARY) if found >= 0 else len(data)


class Decoder:
    """Turns the chunks of one file into items; knows the streams seen so far.

    Args:
        data: The file.
    """

    def __init__(self, data: File) -> None:
        self._data = data
        self.infos: dict[int, StreamInfo] = {}
        self._last: dict[int, float] = {}

    def decode(self, frame: xdf.Frame) -> Item | None:
        """Decode one chunk; None for kinds that hold nothing for a reader.

        Raises:
            DamagedError: Its content is not what its kind must hold.
        """
        with memoryview(self._data) as view:
            return self._decode(view, frame)

    def _decode(self, view: memoryview, frame: xdf.Frame) -> Item | None:
        stream = xdf.stream_of(view, frame)
        if frame.tag == xdf.Tag.BOUNDARY:
            if view[frame.content : frame.end] != xdf.BOUNDARY:
                raise DamagedError("a boundary with other bytes", offset=frame.offset)
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
        """Fill in stamps that are missing: each a sample period after the one before."""
        # The usual case, at a quarter of the cost; a NaN makes both comparisons false.
        if len(times) and -PLAUSIBLE < times.min() and times.max() < PLAUSIBLE:
            self._last[stream] = float(times[-1])
            return 0
        holes = np.flatnonzero(~(np.abs(times) < PLAUSIBLE))
        period = 1.0 / rate if rate else 0.0
        for hole in holes:
            before = times[hole - 1] if hole else self._last.get(stream, 0.0)
            times[hole] = before + period
        if len(times):
            self._last[stream] = float(times[-1])
        return len(holes)


def read(data: File, frames: Iterable[xdf.Frame | Damage] | None = None) -> Iterator[Item]:
    """Yield everything in a file.

    Args:
        data: The file.
        frames: Which chunks to read, where a journal knows better than the file itself.

    Raises:
        NotARecordingError: It does not begin like an XDF file.
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
                    # Its length may be what is wrong: do not jump by it.
                    end = resync(data, frame.offset)
                    pending = walk(data, end)
                item = Damage(frame.offset, end - frame.offset, error.what, _owner(data, frame))
        damages += isinstance(item, Damage)
        if item is not None and (damages <= MAX_DAMAGES or not isinstance(item, Damage)):
            yield item


def _owner(data: File, frame: xdf.Frame) -> int | None:
    with memoryview(data) as view:
        return xdf.stream_of(view, frame)
