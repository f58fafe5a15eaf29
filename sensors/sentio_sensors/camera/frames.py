"""One decoded frame, and the seam behind which every camera, file and stream stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What a reader says of its pictures.

    Attributes:
        name: What a person calls the camera or file.
        rate_hz: Nominal frames a second; 0 where nobody knows.
        still: True where equal pictures are meant and nothing is frozen.
    """

    name: str
    rate_hz: float
    still: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame and when it was taken.

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
        """Acquire it.

        Raises:
            AbsentError: It is not there, or may not be used.
            FormatError: It is there but yields no pictures.
        """
        ...

    def read(self, timeout: float) -> Picture | None:
        """Wait up to ``timeout`` seconds; return the newest picture, or None.

        Raises:
            DisconnectedError: It is gone.
            EndOfSource: It has been played to its end.
        """
        ...

    def close(self) -> None:
        """Let go of it; never raises."""
        ...
