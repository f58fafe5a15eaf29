"""Encode and decode chunks of XDF 1.0; no I/O.

Specification: https://github.com/sccn/xdf/wiki/Specifications. A file is ``XDF:`` and then chunks:
``[bytes of length: 1|4|8][length][tag u16][content]``, where the length counts tag and content.
Everything is little-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_recording.errors import DamagedError, SequenceError

MAGIC = b"XDF:"

BOUNDARY = bytes.fromhex("43a546dccbf5410fb30ed5467383cbe4")
"""UUID for resynchronisation after damage; defined by the specification."""

MAX_CHANNELS = 65_536
"""Limit of channels in one stream; the largest known arrays have a few thousand."""


class Tag(IntEnum):
    """Kind of a chunk; readers skip unknown kinds."""

    FILE_HEADER = 1
    STREAM_HEADER = 2
    SAMPLES = 3
    CLOCK_OFFSET = 4
    BOUNDARY = 5
    STREAM_FOOTER = 6


FORMATS: dict[str, np.dtype[Any] | None] = {
    "float32": np.dtype("<f4"),
    "double64": np.dtype("<f8"),
    "int8": np.dtype("<i1"),
    "int16": np.dtype("<i2"),
    "int32": np.dtype("<i4"),
    "int64": np.dtype("<i8"),
    "string": None,
}
"""Value types by their name in a stream header."""

_STREAM = struct.Struct("<I")
_OFFSET = struct.Struct("<Idd")
_STAMP = struct.Struct("<Bd")


@dataclass(frozen=True, slots=True)
class Frame:
    """Position of one chunk.

    Attributes:
        offset: Position of its first byte in the file.
        length: Number of bytes, including the length field.
        tag: Kind of the chunk; may be missing in ``Tag``.
        content: Offset of the first byte after the tag.
    """

    offset: int
    length: int
    tag: int
    content: int

    @property
    def end(self) -> int:
        """Offset of the first byte after the chunk."""
        return self.offset + self.length


def length_field(value: int) -> bytes:
    """Encode a length in its shortest form."""
    if value < 1 << 8:
        return struct.pack("<BB", 1, value)
    if value < 1 << 32:
        return struct.pack("<BI", 4, value)
    return struct.pack("<BQ", 8, value)


def read_length(data: memoryview, at: int, end: int) -> tuple[int, int]:
    """Decode a length field.

    Returns:
        The value and the offset after the field.

    Raises:
        DamagedError: It is truncated, or its size is not 1, 4 or 8.
    """
    size = data[at] if at < end else 0
    if size not in (1, 4, 8):
        raise DamagedError(f"length field of {size} bytes, expected 1, 4 or 8", offset=at)
    if at + 1 + size > end:
        raise DamagedError("the file ends within a length field", offset=at)
    return int.from_bytes(data[at + 1 : at + 1 + size], "little"), at + 1 + size


def chunk(tag: int, content: bytes) -> bytes:
    """Frame ``content`` as a chunk."""
    return length_field(len(content) + 2) + tag.to_bytes(2, "little") + content


def read_frame(data: memoryview, at: int) -> Frame:
    """Return the extent of the chunk at ``at``.

    Raises:
        DamagedError: It exceeds the file, or is too short for its kind.
    """
    length, body = read_length(data, at, len(data))
    if length > len(data) - body:
        raise DamagedError(
            f"a chunk of {length} bytes, but only {len(data) - body} follow", offset=at
        )
    if length < 2:
        raise DamagedError(f"a chunk of {length} bytes has no tag", offset=at)
    tag = int.from_bytes(data[body : body + 2], "little")
    needed = 6 if tag in (2, 3, 4, 6) else 18 if tag == Tag.BOUNDARY else 2
    if length < needed:
        raise DamagedError(f"a chunk of kind {tag} with {length} bytes", offset=at)
    return Frame(at, body + length - at, tag, body + 2)


def stream_of(data: memoryview, frame: Frame) -> int | None:
    """Return the stream number of a chunk, or None for kinds without a stream."""
    if frame.tag not in (Tag.STREAM_HEADER, Tag.SAMPLES, Tag.CLOCK_OFFSET, Tag.STREAM_FOOTER):
        return None
    return int(_STREAM.unpack_from(data, frame.content)[0])


def boundary() -> bytes:
    """Encode a Boundary chunk."""
    return chunk(Tag.BOUNDARY, BOUNDARY)


def stream_header(stream: int, xml: bytes) -> bytes:
    """Encode a StreamHeader chunk."""
    return chunk(Tag.STREAM_HEADER, _STREAM.pack(stream) + xml)


def stream_footer(stream: int, xml: bytes) -> bytes:
    """Encode a StreamFooter chunk."""
    return chunk(Tag.STREAM_FOOTER, _STREAM.pack(stream) + xml)


def clock_offset(stream: int, time: float, offset: float) -> bytes:
    """Encode a ClockOffset chunk: at ``time`` of the stream's clock, add ``offset``."""
    return chunk(Tag.CLOCK_OFFSET, _OFFSET.pack(stream, time, offset))


def read_clock_offset(data: memoryview, frame: Frame) -> tuple[float, float]:
    """Decode a ClockOffset chunk into time and offset.

    Raises:
        DamagedError: It has an invalid size.
    """
    if frame.end - frame.content != _OFFSET.size:
        raise DamagedError("a clock offset whose size is not 20 bytes", offset=frame.offset)
    _, time, offset = _OFFSET.unpack_from(data, frame.content)
    return time, offset


@lru_cache(maxsize=256)
def sample_type(dtype: np.dtype[Any], channels: int) -> np.dtype[Any]:
    """Return the layout of one numeric sample with its stamp."""
    return np.dtype([("size", "u1"), ("time", "<f8"), ("values", dtype, (channels,))])


def numeric_samples(
    stream: int, layout: np.dtype[Any], times: NDArray[np.float64], values: NDArray[Any]
) -> bytes:
    """Encode a Samples chunk of numbers; every sample has a stamp.

    Args:
        stream: Stream number.
        layout: Result of ``sample_type``.
        times: Shape ``(n,)``.
        values: Shape ``(n, channels)``.
    """
    rows = np.empty(len(times), layout)
    rows["size"] = 8
    rows["time"] = times
    rows["values"] = values
    return chunk(
        Tag.SAMPLES, b"".join((_STREAM.pack(stream), length_field(len(rows)), rows.tobytes()))
    )


def text_samples(stream: int, times: NDArray[np.float64], rows: list[list[bytes]]) -> bytes:
    """Encode a Samples chunk of strings (UTF-8), one list for each sample.

    Raises:
        SequenceError: Times and rows differ in number.
    """
    if len(times) != len(rows):
        raise SequenceError(f"{len(times)} stamps for {len(rows)} samples")
    parts = [_STREAM.pack(stream), length_field(len(rows))]
    for time, row in zip(times, rows, strict=True):
        parts.append(_STAMP.pack(8, time))
        for value in row:
            parts.append(length_field(len(value)))
            parts.append(value)
    return chunk(Tag.SAMPLES, b"".join(parts))


def read_samples(
    data: memoryview, frame: Frame, fmt: str, channels: int
) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Decode a Samples chunk.

    Args:
        data: The file.
        frame: Position of the chunk.
        fmt: One of ``FORMATS``.
        channels: Number of channels of the stream.

    Returns:
        Stamps ``(n,)``, NaN for samples without one; values ``(n, channels)``, strings as an
        object array.

    Raises:
        DamagedError: The content has not exactly the size of the chunk.
    """
    count, at = read_length(data, frame.content + 4, frame.end)
    dtype = FORMATS[fmt]
    smallest = 1 + channels * (dtype.itemsize if dtype is not None else 2)
    if count * smallest > frame.end - at:
        raise DamagedError(
            f"{count} samples of {channels} channels do not fit in {frame.end - at} bytes",
            offset=frame.offset,
        )
    if dtype is None:
        return _read_text(data, frame, at, count, channels)
    layout = sample_type(dtype, channels)
    if count * layout.itemsize == frame.end - at:
        rows = np.frombuffer(data, layout, count, at)
        if (rows["size"] == 8).all():
            return rows["time"].copy(), rows["values"].astype(dtype.newbyteorder("="))
    return _read_mixed(data, frame, at, count, channels, dtype)


def _read_mixed(
    data: memoryview, frame: Frame, at: int, count: int, channels: int, dtype: np.dtype[Any]
) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Decode numbers with some missing stamps."""
    times = np.full(count, np.nan)
    values = np.empty((count, channels), dtype.newbyteorder("="))
    width = channels * dtype.itemsize
    for index in range(count):
        times[index], at = _read_stamp(data, frame, at)
        if at + width > frame.end:
            raise DamagedError("a sample exceeds the end of its chunk", offset=at)
        values[index] = np.frombuffer(data, dtype, channels, at)
        at += width
    _must_end(frame, at)
    return times, values


def _read_text(
    data: memoryview, frame: Frame, at: int, count: int, channels: int
) -> tuple[NDArray[np.float64], NDArray[Any]]:
    times = np.full(count, np.nan)
    values = np.empty((count, channels), object)
    for index in range(count):
        times[index], at = _read_stamp(data, frame, at)
        for column in range(channels):
            length, at = read_length(data, at, frame.end)
            if length > frame.end - at:
                raise DamagedError("a text exceeds the end of its chunk", offset=at)
            values[index, column] = bytes(data[at : at + length]).decode("utf-8", "replace")
            at += length
    _must_end(frame, at)
    return times, values


def _read_stamp(data: memoryview, frame: Frame, at: int) -> tuple[float, int]:
    size = data[at] if at < frame.end else 255
    if size not in (0, 8) or at + 1 + size > frame.end:
        raise DamagedError(f"a stamp of {size} bytes, expected 0 or 8", offset=at)
    if size == 0:
        return float("nan"), at + 1
    return float(_STAMP.unpack_from(data, at)[1]), at + 9


def _must_end(frame: Frame, at: int) -> None:
    if at != frame.end:
        raise DamagedError(f"{frame.end - at} bytes are left at the end of a chunk", offset=at)
