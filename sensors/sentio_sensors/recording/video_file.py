"""Video as Matroska, which stays readable when writing breaks off; imports PyAV."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.errors import AbsentError
from sentio_sensors.recording.disk import FullError
from sentio_sensors.recording.errors import DamagedError

TICK = Fraction(1, 1000)
"""Matroska's usual unit of time; the exact capture times are in the data file."""

_CLUSTERS = {"cluster_time_limit": "1000", "flush_packets": "1"}
"""A crash takes at most the last unfinished cluster, so clusters are kept to a second."""


def load() -> Any:
    """Import PyAV.

    Raises:
        AbsentError: It is not there.
    """
    try:
        import av
    except ImportError:
        raise AbsentError("PyAV is not there", "pip install 'sentio[recording]'") from None
    return av


class VideoWriter:
    """Writes one Matroska file of pictures of one size.

    Args:
        path: New.
        size: Height and width, pixels.
        lossless: FFV1 with the pixels as they are; otherwise H.264 (where sizes must be even,
            FFV1 is used).

    Raises:
        AbsentError: PyAV is not installed.
        FullError: The file cannot be written.
    """

    def __init__(self, path: Path, size: tuple[int, ...], lossless: bool) -> None:
        av = load()
        self._av = av
        self._name = path.name
        self.size = size
        height, width = size
        small = not lossless and not (height % 2 or width % 2)
        try:
            self._file = av.open(str(path), "w", format="matroska", options=dict(_CLUSTERS))
            options = {"crf": "18", "preset": "veryfast"} if small else {"level": "3"}
            codec = "libx264" if small else "ffv1"
            stream = self._file.add_stream(codec, rate=30, options=options)
            stream.width, stream.height = width, height
            stream.pix_fmt = "yuv420p" if small else "bgr0"
            stream.time_base = TICK
            stream.codec_context.time_base = TICK
            stream.codec_context.thread_count = 1
        except (av.FFmpegError, OSError, ValueError) as error:
            raise FullError(f"{path.name}: {error}") from None
        self._stream = stream
        self._first: float | None = None
        self._last = -1

    def frame(self, time: float, picture: NDArray[np.uint8]) -> None:
        """Append an RGB picture.

        Raises:
            FullError: The disk takes no more.
        """
        self._first = time if self._first is None else self._first
        # Two pictures may not share a tick; the data file has their true times.
        self._last = max(self._last + 1, round((time - self._first) / TICK))
        frame = self._av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        frame.pts, frame.time_base = self._last, TICK
        self._mux(frame)

    def close(self) -> None:
        """Finish the file."""
        try:
            self._mux(None)
            self._file.close()
        except (FullError, self._av.FFmpegError, OSError):
            pass  # a full disk: Matroska is readable up to its last whole cluster

    def _mux(self, frame: Any) -> None:
        try:
            for packet in self._stream.encode(frame):
                self._file.mux(packet)
        except (self._av.FFmpegError, OSError) as error:
            raise FullError(f"{self._name}: {error}") from None


class VideoReader:
    """Reads the pictures of one file; best in ascending order.

    Args:
        path: Of the file.

    Raises:
        DamagedError: It is not readable as video.
    """

    def __init__(self, path: Path) -> None:
        self._av = load()
        self._path = path
        self._file: Any = None
        self._rewind()

    def picture(self, index: int) -> NDArray[np.uint8]:
        """Return picture ``index`` as RGB.

        Raises:
            DamagedError: It is not there or not readable.
        """
        if index < self._next:
            self._rewind()
        try:
            for frame in self._frames:
                self._next += 1
                if self._next > index:
                    picture: NDArray[np.uint8] = frame.to_ndarray(format="rgb24")
                    return picture
        except (self._av.FFmpegError, OSError) as error:
            raise DamagedError(f"{self._path.name}: {error}") from None
        raise DamagedError(f"{self._path.name} ends before picture {index}")

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _rewind(self) -> None:
        self.close()
        try:
            self._file = self._av.open(str(self._path))
            stream = self._file.streams.video[0]
            stream.codec_context.thread_count = 1
            self._frames = self._file.decode(stream)
        except (self._av.FFmpegError, OSError, IndexError) as error:
            raise DamagedError(f"{self._path.name}: {error}") from None
        self._next = 0
