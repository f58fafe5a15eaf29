"""Write and read video as Matroska, one cluster for each picture, with PyAV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sentio_recording.disk import Appender, AppendFile, FullError
from sentio_recording.errors import DamagedError
from sentio_recording.media import matroska
from sentio_recording.sealed.key_folder import unlock as unlock_by_default
from sentio_recording.sealed.reader import Unlock, open_stored
from sentio_sensors.errors import AbsentError

TICK = Fraction(1, 1000)
"""Matroska's usual unit of time; the exact capture times are in the data file."""

MAX_PICTURE = 256 << 20
"""Limit of an encoded picture, bytes; more is damage."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Position of an encoded picture.

    Attributes:
        offset: Position of its encoded bytes in the file.
        size: Number of encoded bytes.
        check: CRC-32 of everything written with it: the header of its cluster, and of the file
            for the first picture.
    """

    offset: int
    size: int
    check: int


def load() -> Any:
    """Import PyAV.

    Raises:
        AbsentError: It is not installed.
    """
    try:
        import av
    except ImportError:
        raise AbsentError(
            "PyAV is not installed", "pip install 'sentio-affect[recording]'"
        ) from None
    return av


class VideoWriter:
    """Writer of one Matroska file of pictures of one size.

    Args:
        path: New file.
        size: Height and width, pixels.
        lossless: FFV1 with unchanged pixels; otherwise JPEG of high quality.
        open_file: Opens the file.

    Raises:
        AbsentError: PyAV is not installed.
        FullError: The file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, ...],
        lossless: bool,
        open_file: Callable[[Path], Appender] = AppendFile,
    ) -> None:
        self._av = load()
        self._name = path.name
        self.size = size
        height, width = size
        codec = self._av.CodecContext.create("ffv1" if lossless else "mjpeg", "w")
        codec.width, codec.height = width, height
        codec.pix_fmt = "bgr0" if lossless else "yuvj420p"
        codec.time_base = TICK
        codec.thread_count = 1
        # Independent pictures with checksums: damage affects only one picture.
        codec.options = (
            {"level": "3", "g": "1", "slicecrc": "1"} if lossless else {"qmin": "2", "qmax": "2"}
        )
        self._codec = codec
        self._kind = "V_FFV1" if lossless else "V_MJPEG"
        self._first: float | None = None
        self._last = -1
        self._at = 0
        try:
            self._file = open_file(path)
        except OSError as error:
            raise FullError(f"{path.name}: {error}") from None

    def frame(self, time: float, picture: NDArray[np.uint8]) -> Coded:
        """Write an RGB picture to the end of the file.

        Raises:
            FullError: The disk is full.
        """
        coded = self._coded(picture)
        piece = b""
        if self._first is None:
            self._first = time
            height, width = self.size
            piece = matroska.head(self._kind, self._codec.extradata or b"", (height, width))
        # Two pictures must not share a tick; the data file has their exact times.
        self._last = max(self._last + 1, round((time - self._first) / TICK))
        piece += matroska.cluster(self._last, coded)
        self._file.append(piece)
        self._at += len(piece)
        return Coded(self._at - len(coded), len(coded), crc32(piece))

    def sync(self) -> None:
        """Flush the file to the disk."""
        self._file.sync()

    def close(self) -> None:
        """Close the file, which is valid at any time."""
        self._file.close()

    def _coded(self, picture: NDArray[np.uint8]) -> bytes:
        frame = self._av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        frame.pts, frame.time_base = self._last + 1, TICK
        try:
            packets = self._codec.encode(frame)
        except (self._av.FFmpegError, ValueError) as error:
            raise FullError(f"{self._name}: {error}") from None
        return b"".join(bytes(packet) for packet in packets)


class VideoReader:
    """Reader of the pictures of one file, in any order.

    Args:
        path: The file.
        unlock: Returns the keys of an encrypted file.
    """

    def __init__(self, path: Path, unlock: Unlock = unlock_by_default) -> None:
        self._path = path
        self._unlock = unlock
        self._file = open_stored(path, unlock)
        self._codec: Any = None

    def coded(self, position: Coded, first: bool) -> bytes:
        """Return the encoded bytes of a picture.

        Args:
            position: Its position.
            first: Whether it is the first of its file.

        Raises:
            DamagedError: They have changed since they were written.
        """
        start = 0 if first else position.offset - matroska.CLUSTER_HEAD
        length = position.offset + position.size - start
        if start < 0 or position.size <= 0 or length > MAX_PICTURE:
            raise DamagedError(f"{self._path.name}: no picture is at byte {position.offset}")
        self._file.seek(start)
        piece = self._file.read(length)
        if len(piece) != length:
            raise DamagedError(
                f"{self._path.name} ends before byte {position.offset + position.size}"
            )
        if crc32(piece) != position.check:
            raise DamagedError(f"{self._path.name}, byte {start}: changed since it was written")
        return piece[-position.size :]

    def picture(self, position: Coded, first: bool) -> NDArray[np.uint8]:
        """Return a picture as RGB; arguments and errors as ``coded``.

        Raises:
            AbsentError: PyAV is not installed.
        """
        coded = self.coded(position, first)
        av = load()
        try:
            if self._codec is None:
                self._codec = self._decoder(av)
            (frame,) = self._codec.decode(av.Packet(coded))
        except (
            av.FFmpegError,
            OSError,
            LookupError,
            ValueError,
            TypeError,
            AttributeError,
        ) as error:
            # PyAV gives None for what a damaged header does not state.
            raise DamagedError(f"{self._path.name}: {error}") from None
        found: NDArray[np.uint8] = frame.to_ndarray(format="rgb24")
        return found

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _decoder(self, av: Any) -> Any:
        """Return a decoder for the format in the file's header."""
        with open_stored(self._path, self._unlock) as raw, av.open(raw) as file:
            context = file.streams.video[0].codec_context
            codec = av.CodecContext.create(context.name, "r")
            codec.width, codec.height, codec.pix_fmt = (
                context.width,
                context.height,
                context.pix_fmt,
            )
            codec.extradata = context.extradata
        codec.thread_count = 1
        return codec
