"""Mark of running sidecars; the system removes it with the process."""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import platformdirs

from sentio_bridge.privacy.private_folder import PrivacyError, make_private

FILE = ".running"

_PLACES = 1 << 30
"""Bytes of the file that sidecars lock, one each, where locks cannot be shared (Windows)."""


class InUse:
    """Mark of one running sidecar, as locks of the operating system.

    Args:
        state: Folder of the state.
        written: Other folders that it writes; other configurations may name them too.

    Raises:
        PrivacyError: A folder cannot be used, or its persons are being erased.
    """

    def __init__(self, state: Path, *written: Path) -> None:
        with ExitStack() as stack:
            for mark in _marks(state, written):
                if not _lock(_opened(mark, stack), shared=True):
                    raise PrivacyError(
                        f"data in {state} are being erased", "start again afterwards"
                    )
            self._stack = stack.pop_all()

    def end(self) -> None:
        """Remove the mark."""
        self._stack.close()


@contextmanager
def unused(state: Path, *written: Path) -> Iterator[None]:
    """Keep sidecars from starting in folders that none uses; see ``InUse``.

    Raises:
        PrivacyError: A sidecar uses them, or they cannot be locked.
    """
    with ExitStack() as stack:
        for mark in _marks(state, written):
            if not _lock(_opened(mark, stack), shared=False):
                raise PrivacyError(
                    "a running sidecar uses these data and would write them again",
                    "end it first; while it runs: sentio consent withdraw --erase",
                )
        yield


def _marks(state: Path, written: Sequence[Path]) -> Iterator[Path]:
    """Yield the file of each folder; those of folders of data are not in them."""
    yield state / FILE
    place = Path(platformdirs.user_state_dir("sentio")) / "in-use"
    for folder in written:
        yield place / hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]


def _opened(mark: Path, stack: ExitStack) -> int:
    """Open a mark until the stack ends."""
    make_private(mark.parent)
    try:
        handle = os.open(mark, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise PrivacyError(f"cannot use {mark.parent}: {error.strerror}") from None
    stack.callback(os.close, handle)
    return handle


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
