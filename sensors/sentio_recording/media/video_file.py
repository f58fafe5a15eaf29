"""Video as Matroska, one whole cluster a picture; imports PyAV for the coding."""

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
from sentio_sensors.errors import AbsentError

TICK = Fraction(1, 1000)
"""Matroska's usual unit of time; the exact capture times are in the data file."""

MAX_PICTURE = 256 << 20
"""Bytes of one coded picture: more is damage."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Where a picture is.

    Attributes:
        offset: Of its coded bytes in the file.
        size: Of them.
        check: CRC-32 of all that was written with it: the file's head before the first, and
            what leads up to each.
    """

    offset: int
    size: int
    check: int


def load() -> Any:
    """Import PyAV.

    Raises:
        AbsentError: It is not there.
    """
    try:
        import av
    except ImportError:
        raise AbsentError("PyAV is not there", "pip install 'sentio-affect[recording]'") from None
    return av


class VideoWriter:
    """Writes one Matroska file of pictures of one size.

    Args:
        path: New.
        size: Height and width, pixels.
        lossless: FFV1 with the pixels as they are; otherwise JPEG at high quality.
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
        # Each picture by itself, with checksums: a damaged one takes no other with it.
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
        """Append an RGB picture, which is in the file when this returns.

        Raises:
            FullError: The disk takes no more.
        """
        coded = self._coded(picture)
        piece = b""
        if self._first is None:
            self._first = time
            height, width = self.size
            piece = matroska.head(self._kind, self._codec.extradata or b"", (height, width))
        # Two pictures may not share a tick; the data file has their true times.
        self._last = max(self._last + 1, round((time - self._first) / TICK))
        piece += matroska.cluster(self._last, coded)
        self._file.append(piece)
        self._at += len(piece)
        return Coded(self._at - len(coded), len(coded), crc32(piece))

    def sync(self) -> None:
        """Wait until all of it is on the disk itself."""
        self._file.sync()

    def close(self) -> None:
        """Close the file; it is whole at any time."""
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
    """Reads the pictures of one file, in any order.

    Args:
        path: Of the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("rb")
        self._codec: Any = None

    def coded(self, place: Coded, first: bool) -> bytes:
        """Return a picture's coded bytes.

        Args:
            place: Where it is.
            first: Whether it is the first of its file.

        Raises:
            DamagedError: They are not as they were written.
        """
        start = 0 if first else place.offset - matroska.CLUSTER_HEAD
        length = place.offset + place.size - start
        if start < 0 or place.size <= 0 or length > MAX_PICTURE:
            raise DamagedError(f"{self._path.name}: no picture is at byte {place.offset}")
        self._file.seek(start)
        piece = self._file.read(length)
        if len(piece) != length:
            raise DamagedError(f"{self._path.name} ends before byte {place.offset + place.size}")
        if crc32(piece) != place.check:
            raise DamagedError(f"{self._path.name}, byte {start}: changed since it was written")
        return piece[-place.size :]

    def picture(self, place: Coded, first: bool) -> NDArray[np.uint8]:
        """Return a picture as RGB; arguments and errors as ``coded``.

        Raises:
            AbsentError: PyAV is not installed.
        """
        coded = self.coded(place, first)
        av = load()
        try:
            if self._codec is None:
                self._codec = self._decoder(av)
            (frame,) = self._codec.decode(av.Packet(coded))
        except (av.FFmpegError, OSError, IndexError, ValueError) as error:
            raise DamagedError(f"{self._path.name}: {error}") from None
        found: NDArray[np.uint8] = frame.to_ndarray(format="rgb24")
        return found

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _decoder(self, av: Any) -> Any:
        """Return a decoder for what the file's head tells."""
        with av.open(str(self._path)) as file:
            told = file.streams.video[0].codec_context
            codec = av.CodecContext.create(told.name, "r")
            codec.width, codec.height, codec.pix_fmt = told.width, told.height, told.pix_fmt
            codec.extradata = told.extradata
        codec.thread_count = 1
        return codec
