"""The one seam every sensor stands behind: device, file, network stream, recording or simulator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sentio_sensors.stream import Chunk, StreamSpec


class Source(Protocol):
    """Something that yields chunks with capture times.

    ``__init__`` only stores its arguments. One thread calls ``open``, then ``read`` again and
    again, then ``close``; ``close`` may also come from ``open`` having failed half way, and
    twice. After ``close`` the same object can be opened again (this is how reconnecting works).
    """

    def open(self) -> Sequence[StreamSpec]:
        """Acquire the device and say what it yields.

        Raises:
            AbsentError: The device, file, permission or package is missing.
            FormatError: It is there but cannot be used.
        """
        ...

    def read(self, timeout: float) -> Sequence[Chunk]:
        """Wait up to ``timeout`` seconds for new samples; return what there is, maybe nothing.

        Samples of one call are the newest available ones: a source that can fall behind drops
        the oldest and says how many in ``Chunk.lost``.

        Raises:
            DisconnectedError: The device is gone; the caller closes and reopens.
            EndOfSource: A file or recording has been played to its end.
        """
        ...

    def close(self) -> None:
        """Let go of the device at once and forget buffered samples; never raises."""
        ...


class EndOfSource(Exception):  # noqa: N818 - an expected ending, not an error
    """A finite source has nothing more to give."""
