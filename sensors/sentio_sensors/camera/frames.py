"""Decoded frames, and the protocol of everything that reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """Description of a reader's pictures.

    Attributes:
        name: Readable name of the camera or file.
        rate_hz: Nominal frames a second; 0 if unknown.
        still: True if equal pictures are intended, so that none counts as frozen.
    """

    name: str
    rate_hz: float
    still: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame with its capture time.

    Attributes:
        time: Capture time, seconds of the LSL clock.
        rgb: uint8 ``(height, width, 3)``.
        lost: Frames that were skipped or unreadable since the picture before.
    """

    time: float
    rgb: Rgb
    lost: int = 0


class FrameReader(Protocol):
    """A camera, a file, a stream or a folder; used like a ``Source``."""

    def open(self) -> VideoInfo:
        """Open the device, file or stream.

        Raises:
            AbsentError: It is missing, or access is denied.
            FormatError: It yields no pictures.
        """
        ...

    def read(self, timeout: float) -> Picture | None:
        """Wait up to ``timeout`` seconds; return the newest picture, or None.

        Raises:
            DisconnectedError: The device or connection is lost.
            EndOfSource: A file has been played to its end.
        """
        ...

    def close(self) -> None:
        """Close it; never raises."""
        ...
