"""Mark of running sidecars; the system removes it with the process."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sentio_bridge.privacy.private_folder import PrivacyError, make_private

FILE = ".running"

_PLACES = 1 << 30
"""Bytes of the file that sidecars lock, one each, where locks cannot be shared (Windows)."""


class InUse:
    """Mark of one running sidecar, as a lock of the operating system.

    Args:
        folder: Folder of the state.

    Raises:
        PrivacyError: The folder cannot be used, or its persons are being erased.
    """

    def __init__(self, folder: Path) -> None:
        make_private(folder)
        try:
            self._handle = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise PrivacyError(f"cannot use {folder}: {error.strerror}") from None
        if not _lock(self._handle, shared=True):
            os.close(self._handle)
            raise PrivacyError(f"data in {folder} are being erased", "start again afterwards")

    def end(self) -> None:
        """Remove the mark."""
        os.close(self._handle)


@contextmanager
def unused(folder: Path) -> Iterator[None]:
    """Keep sidecars from starting in a folder that none uses.

    Raises:
        PrivacyError: A sidecar uses it, or it cannot be locked.
    """
    make_private(folder)
    try:
        handle = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise PrivacyError(f"cannot use {folder}: {error.strerror}") from None
    try:
        if not _lock(handle, shared=False):
            raise PrivacyError(
                "a running sidecar uses these data and would write them again",
                "end it first; while it runs: sentio consent withdraw --erase",
            )
        yield
    finally:
        os.close(handle)


def _lock(handle: int, *, shared: bool) -> bool:
    """Lock a file without waiting; return whether it was possible."""
    try:
        if sys.platform == "win32":
            import msvcrt

            if shared:
                os.lseek(handle, secrets.randbelow(_PLACES), os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1 if shared else _PLACES)
        else:
            import fcntl

            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
