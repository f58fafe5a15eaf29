"""Produce the bytes of an XDF file in order; no I/O, no clock, no threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_recording.errors import SequenceError
from sentio_recording.xdf import chunks as xdf
from sentio_recording.xdf.headers import StreamInfo, Summary, file_header, footer_xml, header_xml

BOUNDARY_PERIOD = 2.0
"""Seconds between boundaries. After damage a reader continues at the next one, so this limits the
loss; with the specification's 10 s it would be five times larger."""

OFFSET_PERIOD = 5.0
"""Seconds between clock offsets of a stream, as in LabRecorder: importers expect it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One complete chunk, to be written at once.

    Attributes:
        tag: Kind of the chunk.
        stream: Stream number, or 0.
        data: Bytes of the chunk; the file header includes the magic number.
        count: Number of samples.
        first: Stamp of its first sample.
        last: Stamp of its last sample.
    """

    tag: int
    stream: int
    data: bytes
    count: int = 0
    first: float = 0.0
    last: float = 0.0


@dataclass(slots=True)
class _Open:
    info: StreamInfo
    layout: np.dtype[Any] | None
    summary: Summary = field(default_factory=Summary)
    offset_at: float = -inf


class XdfWriter:
    """State machine from streams and samples to chunks.

    Every method returns complete chunks in writing order; the caller reports each written chunk
    with ``confirm``.

    Args:
        datetime: Wall time of the start, ISO 8601.
        uid: Unique identifier of this recording; those of streams derive from it.
    """

    def __init__(self, datetime: str, uid: str) -> None:
        self._datetime = datetime
        self._uid = uid
        self._streams: dict[int, _Open] = {}
        self._boundary_at = -inf
        self._began = False
        self._ended = False

    @property
    def streams(self) -> dict[int, StreamInfo]:
        """The open streams by their number."""
        return {number: stream.info for number, stream in self._streams.items()}

    def summary(self, stream: int) -> Summary:
        """Return the content of a stream's footer so far."""
        return self._of(stream).summary

    def begin(self) -> list[Piece]:
        """Return magic number and file header.

        Raises:
            SequenceError: It was called before.
        """
        if self._began:
            raise SequenceError("the file was started before")
        self._began = True
        header = xdf.chunk(xdf.Tag.FILE_HEADER, file_header(self._datetime))
        return [Piece(xdf.Tag.FILE_HEADER, 0, xdf.MAGIC + header)]

    def stream(self, info: StreamInfo, now: float) -> tuple[int, list[Piece]]:
        """Open a stream, at any time; again for a reconnected device.

        Args:
            info: Description of the stream.
            now: The streams' clock, seconds.

        Returns:
            Number of the stream in this file, and the chunks.

        Raises:
            SequenceError: Before ``begin`` or after ``end``.
        """
        self._check()
        number = len(self._streams) + 1
        dtype = xdf.FORMATS[info.format]
        layout = None if dtype is None else xdf.sample_type(dtype, len(info.channels))
        self._streams[number] = stream = _Open(info, layout)
        stream.offset_at = now
        xml = header_xml(info, now, f"{self._uid}-{number}")
        return number, [
            Piece(xdf.Tag.STREAM_HEADER, number, xdf.stream_header(number, xml)),
            Piece(xdf.Tag.CLOCK_OFFSET, number, xdf.clock_offset(number, now, 0.0)),
        ]

    def forget(self, stream: int) -> None:
        """Forget a stream whose header was not written: it gets no further chunk."""
        del self._streams[stream]

    def samples(self, stream: int, times: NDArray[np.float64], values: NDArray[Any]) -> Piece:
        """Return one Samples chunk.

        Args:
            stream: Number of the stream.
            times: Shape ``(n,)``, finite, at least one.
            values: Shape ``(n, channels)``; strings as an object array.

        Raises:
            SequenceError: Unknown stream, other shape, or a stamp that is not finite: importers
                turn all stamps of the stream into NaN for a single one.
        """
        self._check()
        opened = self._of(stream)
        if values.shape != (len(times), len(opened.info.channels)):
            raise SequenceError(
                f"stream {opened.info.name!r}: values of shape {values.shape}, expected "
                f"({len(times)}, {len(opened.info.channels)})"
            )
        if not len(times) or not np.isfinite(times).all():
            raise SequenceError(f"stream {opened.info.name!r}: no stamp, or one is not finite")
        if opened.layout is not None:
            data = xdf.numeric_samples(stream, opened.layout, times, values)
        else:
            rows = [[_utf8(value) for value in row] for row in values]
            data = xdf.text_samples(stream, times, rows)
        span = float(times[0]), float(times[-1])
        return Piece(xdf.Tag.SAMPLES, stream, data, len(times), *span)

    def confirm(self, piece: Piece) -> None:
        """Count a written piece: footers contain what was really written."""
        if piece.count:
            summary = self._of(piece.stream).summary
            summary.first = piece.first if summary.first is None else summary.first
            summary.last = piece.last
            summary.count += piece.count

    def upkeep(self, now: float) -> list[Piece]:
        """Return the boundary and clock offsets that are due; call a few times a second."""
        self._check()
        pieces = [
            Piece(xdf.Tag.CLOCK_OFFSET, number, xdf.clock_offset(number, now, 0.0))
            for number, stream in self._streams.items()
            if self._offset_due(stream, now, OFFSET_PERIOD)
        ]
        if now - self._boundary_at >= BOUNDARY_PERIOD:
            self._boundary_at = now
            pieces.append(Piece(xdf.Tag.BOUNDARY, 0, xdf.boundary()))
        return pieces

    def end(self, now: float) -> list[Piece]:
        """Return the last clock offsets and all footers; no chunks may follow."""
        self._check()
        self._ended = True
        offsets = [
            Piece(xdf.Tag.CLOCK_OFFSET, number, xdf.clock_offset(number, now, 0.0))
            for number, stream in self._streams.items()
            if self._offset_due(stream, now, 0.5)
        ]
        footers = [
            Piece(
                xdf.Tag.STREAM_FOOTER, number, xdf.stream_footer(number, footer_xml(stream.summary))
            )
            for number, stream in self._streams.items()
        ]
        return offsets + footers

    @staticmethod
    def _offset_due(stream: _Open, now: float, period: float) -> bool:
        if now - stream.offset_at < period:
            return False
        stream.offset_at = now
        return True

    def _of(self, stream: int) -> _Open:
        if stream not in self._streams:
            raise SequenceError(f"stream {stream} has no header yet")
        return self._streams[stream]

    def _check(self) -> None:
        if not self._began or self._ended:
            raise SequenceError("the file has ended" if self._ended else "the file was not started")


def _utf8(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
