"""Appends whole chunks to a file, and undoes what was written only in part."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from sentio_sensors.errors import SensorError


class FullError(SensorError):
    """The disk takes no more: full, over quota, or gone."""


class Appender(Protocol):
    """Something that whole chunks can be appended to."""

    def append(self, data: bytes) -> None:
        """Write all of ``data``, or nothing of it.

        Raises:
            FullError: It could not be written; the file ends where it did before.
        """
        ...

    def sync(self) -> None:
        """Wait until everything written is on the disk itself."""
        ...

    def close(self) -> None:
        """Close; twice is fine."""
        ...


class AppendFile:
    """A new file that only grows by whole chunks.

    ``write`` of a nearly full disk is short first and fails only the next time, so the count is
    always compared, and a part is cut off again.

    Args:
        path: Must not exist.
    """

    def __init__(self, path: Path) -> None:
        self._fd = private(path, os.O_WRONLY | os.O_EXCL | os.O_APPEND)
        self._good = 0
        self._path = path

    def append(self, data: bytes) -> None:
        """Write ``data`` with one system call; see ``Appender``."""
        try:
            written = os.write(self._fd, data)
        except OSError as error:
            raise self._full(error.strerror or str(error)) from None
        if written != len(data):
            raise self._full(f"{written} of {len(data)} bytes were written")
        self._good += written

    def sync(self) -> None:
        """Flush to the disk; without file metadata that reading does not need."""
        try:
            getattr(os, "fdatasync", os.fsync)(self._fd)
        except OSError as error:
            raise self._full(error.strerror or str(error)) from None

    def close(self) -> None:
        """Close the file; twice is fine."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _full(self, why: str) -> FullError:
        try:
            os.ftruncate(self._fd, self._good)
        except OSError:
            pass  # what is left of the part is cut off by repair
        return FullError(f"{self._path.name}: {why}", "free some space, then record again")


def private(path: Path, flags: int) -> int:
    """Open a file that is made where it is not there, and that only its owner may read.

    Returns:
        Its descriptor.
    """
    # Windows would otherwise change every byte 10 on its way.
    return os.open(path, flags | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)


class Reserve:
    """Space kept so that a full disk still has room for the footers.

    Args:
        path: Of the file that holds the space.
        size: Bytes.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        fd = private(path, os.O_WRONLY)
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(fd, 0, size)
            else:
                os.write(fd, bytes(size))
        except OSError:
            pass  # less is there already: footers may not fit, the samples still end whole
        finally:
            os.close(fd)

    def release(self) -> None:
        """Give the space back."""
        self._path.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Replace a small file so that it is either the old or the new one.

    Raises:
        FullError: It could not be written; the old one is untouched.
    """
    beside = path.with_name(path.name + ".new")
    try:
        fd = private(beside, os.O_WRONLY | os.O_TRUNC)
        try:
            if os.write(fd, data) != len(data):
                raise OSError("short write")
            os.fsync(fd)
        finally:
            os.close(fd)
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FullError(f"{path.name}: {error}", "free some space, then record again") from None
