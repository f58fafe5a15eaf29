"""Protocol of sources: device, file, network stream, recording or simulator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sentio_sensors.stream import Chunk, StreamSpec


class Source(Protocol):
    """Protocol of everything that yields chunks with capture times.

    ``__init__`` only stores its arguments. One thread calls ``open``, then ``read`` repeatedly,
    then ``close``. ``close`` may also be called after ``open`` has failed, and twice. After
    ``close`` the same object can be opened again; this is how a source reconnects.
    """

    def open(self) -> Sequence[StreamSpec]:
        """Open the device and return its streams.

        Raises:
            AbsentError: The device, file, permission or package is missing.
            FormatError: The device cannot be used.
        """
        ...

    def read(self, timeout: float) -> Sequence[Chunk]:
        """Wait up to ``timeout`` seconds and return new samples, possibly none.

        The samples are the newest available ones: a source that can fall behind drops the oldest
        and counts them in ``Chunk.lost``.

        Raises:
            DisconnectedError: The device is lost; the caller closes and reopens.
            EndOfSource: A file or recording has been played to its end.
        """
        ...

    def close(self) -> None:
        """Close the device at once and discard buffered samples; never raises."""
        ...


class EndOfSource(Exception):  # noqa: N818 - an expected end, not an error
    """A finite source has ended."""
