"""Append complete chunks to a file, and undo partial writes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sentio_sensors.errors import SensorError


class FullError(SensorError):
    """The disk cannot be written: full, over quota, or disconnected."""


class Appender(Protocol):
    """Protocol of files to which complete chunks are appended."""

    def append(self, data: bytes) -> None:
        """Write all of ``data`` or nothing.

        Raises:
            FullError: It could not be written; the file is unchanged.
        """
        ...

    def sync(self) -> None:
        """Flush everything written to the disk."""
        ...

    def close(self) -> None:
        """Close; may be called twice."""
        ...


class AppendFile:
    """A new file that only grows by complete chunks.

    On a nearly full disk a ``write`` is first short and fails only the next time, so the count is
    always checked and a partial write is truncated.

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
        """Flush to the disk, without metadata that reading does not need."""
        try:
            getattr(os, "fdatasync", os.fsync)(self._fd)
        except OSError as error:
            raise self._full(error.strerror or str(error)) from None

    def close(self) -> None:
        """Close the file; may be called twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _full(self, why: str) -> FullError:
        try:
            os.ftruncate(self._fd, self._good)
        except OSError:
            pass  # repair removes the rest of the partial write
        return FullError(f"{self._path.name}: {why}", "free some space, then record again")


def private(path: Path, flags: int) -> int:
    """Open or create a file that only its owner can read.

    Returns:
        The file descriptor.
    """
    # Without it Windows translates every byte 10.
    return os.open(path, flags | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)


def write_all(handle: int, data: bytes) -> None:
    """Write all bytes; an almost full disk may take only the first of them.

    Raises:
        OSError: They are not all written.
    """
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, so that only one process writes at a time.

    Raises:
        OSError: The lock cannot be opened.
    """
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Reserve:
    """Space kept so that a full disk still has room for the footers.

    Args:
        path: File that reserves the space.
        size: Reserved space, bytes.
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
            pass  # there is less space: footers may not fit, samples stay complete
        finally:
            os.close(fd)

    def release(self) -> None:
        """Free the space."""
        self._path.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Replace a small file atomically.

    Raises:
        FullError: It could not be written; the old file is unchanged.
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
