"""Write and read sound as FLAC with 24 bits."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sentio_recording.disk import Appender, FullError, private
from sentio_recording.errors import DamagedError
from sentio_recording.sealed.key_folder import unlock as unlock_by_default
from sentio_recording.sealed.reader import Unlock, open_stored
from sentio_sensors.errors import AbsentError

SCALE = float(1 << 23)
"""24 bits and a sign."""

BLOCK = 4096
"""Block size of FLAC, samples: it holds back up to one block and one sample."""

MAX_COUNT = 1 << 22
"""Limit of samples in one chunk: minutes of sound."""


def load() -> Any:
    """Import soundfile.

    Raises:
        AbsentError: It is not installed.
    """
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise AbsentError(f"soundfile: {error}", "pip install 'sentio-affect[recording]'") from None
    return soundfile


class SoundWriter:
    """Writer of one FLAC file.

    Args:
        path: New file.
        rate: Samples a second.
        channels: Number of channels.
        open_file: Opens a file that can only grow, such as an encrypted one; None for a usual file.

    Raises:
        AbsentError: soundfile is not installed.
        FullError: The file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        rate: int,
        channels: int,
        open_file: Callable[[Path], Appender] | None = None,
    ) -> None:
        soundfile = load()
        self._error = soundfile.LibsndfileError
        try:
            self._sink = _Sink(path) if open_file is None else _GrowingSink(open_file(path))
            self._file = soundfile.SoundFile(
                self._sink, "w", rate, channels, subtype="PCM_24", format="FLAC"
            )
        except (self._error, OSError) as error:
            raise FullError(f"{path.name}: {error}") from None
        self._name = path.name
        self._grows = open_file is not None
        self._channels = channels
        self.position = 0

    @property
    def held(self) -> int:
        """Number of written samples that are certainly readable.

        One block less than the file contains: libsndfile looks ahead by one sample.
        """
        return max(0, (self.position - 1) // BLOCK - 1) * BLOCK

    def write(self, values: NDArray[Any]) -> int:
        """Append samples, -1..1; return the CRC-32 of the decoded samples.

        Raises:
            FullError: The disk is full.
        """
        limits = -SCALE, SCALE - 1
        whole = np.clip(np.rint(np.asarray(values, np.float64) * SCALE), *limits).astype(np.int32)
        try:
            self._file.write(whole << 8)  # the upper 24 bits are kept
        except self._error as error:
            raise FullError(f"{self._name}: {error}") from None
        self._check()
        self.position += len(whole)
        return crc32(whole.tobytes())

    def close(self) -> None:
        """Finish the file.

        A file that only grows ends with two blocks of silence, which no row of the data file refers
        to: without a length in its head, libsndfile cannot read its last block.

        Raises:
            FullError: The disk was full; the samples counted by ``held`` can be read.
        """
        try:
            if self._grows:
                self._file.write(np.zeros((2 * BLOCK, self._channels), np.int32))
            self._file.close()
        except self._error as error:
            raise FullError(f"{self._name}: {error}") from None
        finally:
            self._sink.close()
        self._check()

    def _check(self) -> None:
        if self._sink.problem:
            raise FullError(f"{self._name}: {self._sink.problem}", "free some space")


class _Sink(io.FileIO):
    """Output file of libsndfile, which does not report every short write.

    Args:
        path: New file, readable by its owner only.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(private(path, os.O_RDWR | os.O_EXCL), "r+b")
        self.problem = ""

    def write(self, data: Any) -> int:
        """Write ``data`` or store the problem; never raises into a C library."""
        try:
            written = super().write(data)
            if written != len(data):
                self.problem = f"{written} of {len(data)} bytes were written"
        except OSError as error:
            self.problem = error.strerror or str(error)
        return len(data)


class _GrowingSink(io.RawIOBase):
    """Output file of libsndfile that only grows.

    At the end libsndfile writes the number of samples into the head of the file. That is left out:
    the file stays one whose length is not known in advance, as after a crash.

    Args:
        file: New file.
    """

    def __init__(self, file: Appender) -> None:
        self._file = file
        self._at = self._size = 0
        self.problem = ""

    def writable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def write(self, data: Any) -> int:
        """Append what is new of ``data``; never raise into a C library."""
        new = bytes(data)[max(0, self._size - self._at) :]
        try:
            if new and not self.problem:
                self._file.append(new)
                self._size += len(new)
        except FullError as error:
            self.problem = error.what
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._file.close()
        super().close()


class SoundReader:
    """Reader of blocks of one FLAC file, fastest in ascending order.

    Args:
        path: The file.
        unlock: Returns the keys of an encrypted file.

    Raises:
        DamagedError: It is not readable as FLAC.
    """

    def __init__(self, path: Path, unlock: Unlock = unlock_by_default) -> None:
        self._path = path
        self._unlock = unlock
        self._soundfile = load()
        self._error = self._soundfile.LibsndfileError
        self._file: Any = None
        self._rewind()

    def block(self, start: int, count: int, check: int) -> NDArray[np.float32]:
        """Return samples ``(count, channels)``.

        Args:
            start: Position of the first sample.
            count: Number of samples.
            check: CRC-32 returned by ``write``.

        Raises:
            DamagedError: They are missing, or changed.
        """
        if not 0 < count <= MAX_COUNT:
            raise DamagedError(f"{self._path.name}: {count} samples at once")
        self._go_to(start)
        try:
            whole = self._file.read(count, "int32", always_2d=True) >> 8
        except self._error as error:
            self._at = -1
            raise DamagedError(f"{self._path.name}: {error}") from None
        self._at += len(whole)
        if len(whole) != count:
            raise DamagedError(f"{self._path.name} ends before sample {start + count}")
        if crc32(whole.tobytes()) != check:
            raise DamagedError(f"{self._path.name}, sample {start}: changed since it was written")
        values: NDArray[np.float32] = (whole / SCALE).astype(np.float32)
        return values

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._raw.close()
            self._file = None

    def _go_to(self, position: int) -> None:
        if position == self._at:
            return
        try:
            self._at = self._file.seek(position)
        except self._error:  # an unfinished file does not support seeking
            self._pass(position)

    def _pass(self, position: int) -> None:
        """Read from the beginning up to ``position``."""
        self._rewind()
        while self._at < position:
            try:
                count = len(self._file.read(min(position - self._at, 1 << 16), "int32"))
            except self._error as error:
                raise DamagedError(f"{self._path.name}: {error}") from None
            if not count:
                raise DamagedError(f"{self._path.name} ends before sample {position}")
            self._at += count

    def _rewind(self) -> None:
        self.close()
        self._at = 0
        try:
            self._raw = open_stored(self._path, self._unlock)
            self._file = self._soundfile.SoundFile(self._raw)
        except self._error as error:
            raise DamagedError(f"{self._path.name}: {error}") from None
