"""Folders and files that only their owner can read, and a lock between processes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from sentio_bridge.errors import BridgeError
from sentio_recording.disk import locked as locked_by_one

UNFINISHED = ".new-"
"""Start of the name of a file that is being written; a crash can leave it."""


def remove_unfinished(folder: Path) -> None:
    """Delete files that a crash left while they were written; hold the folder's lock.

    Raises:
        OSError: One cannot be deleted.
    """
    for left in folder.glob(f"{UNFINISHED}*"):
        left.unlink(missing_ok=True)


class PrivacyError(BridgeError):
    """A file of consent or audit cannot be read or written."""


def state_folder(configuration: str, configured: str = "") -> Path:
    """Return the folder of receipts and audit.

    Each configuration file has its own: what a person allows one game, no other game may use.

    Args:
        configuration: Absolute path of the configuration file.
        configured: ``[privacy] folder``; empty: below the user's data folder.
    """
    if configured:
        return Path(configured).expanduser().resolve()
    path = Path(configuration)
    name = f"{path.stem[:32]}-{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    return Path(platformdirs.user_data_dir("sentio")) / "state" / name


def make_private(folder: Path) -> Path:
    """Create a folder with mode 0700, or set that mode; return it.

    Raises:
        PrivacyError: It cannot be created.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise PrivacyError(f"cannot use the folder {folder}: {error.strerror}") from None
    return folder


def append(path: Path, data: bytes) -> None:
    """Append bytes and flush them to the disk; the file is readable by its owner only.

    Raises:
        PrivacyError: The bytes are not all written; the file ends where it did before.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            before = os.fstat(handle).st_size
            try:
                written = os.write(handle, data)
                if written != len(data):
                    raise OSError(28, "the disk is full")
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, before)
                raise
        finally:
            os.close(handle)
    except OSError as error:
        raise PrivacyError(f"cannot write {path}: {error.strerror}", "free some space") from None


def replace(path: Path, data: bytes) -> None:
    """Write a file atomically, readable by its owner only.

    Raises:
        PrivacyError: It cannot be written; the old file stays.
    """
    try:
        write_whole(path, data)
    except OSError as error:
        raise PrivacyError(f"cannot write {path}: {error.strerror}", "free some space") from None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file atomically, readable by its owner only, as ``replace`` does.

    Raises:
        OSError: It cannot be written; the old file stays.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:  # also when interrupted: nothing half written stays
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that only one process writes at a time."""
    lock = locked_by_one(folder)
    try:
        lock.__enter__()
    except OSError as error:
        raise PrivacyError(f"cannot lock {folder}: {error.strerror}") from None
    try:
        yield
    finally:
        lock.__exit__(None, None, None)
