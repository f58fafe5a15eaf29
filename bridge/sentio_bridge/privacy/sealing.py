"""Keys for what is encrypted from now on, protected as the configuration states."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from sentio_recording.sealed.data_keys import DataKeys
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_recording.sealed.locks import Lock


class Sealing:
    """Maker of keys.

    Args:
        lock: Protects them.
        folder: Where they are stored.
        scope: Installation that they belong to.
    """

    def __init__(self, lock: Lock, folder: KeyFolder, scope: str = "") -> None:
        self._lock = lock
        self._scope = scope
        self.folder = folder

    @classmethod
    def of(cls, setting: str, scope: str = "", folder: KeyFolder | None = None) -> Sealing | None:
        """Return the maker that a setting names; None if nothing is to be encrypted.

        Args:
            setting: ``keyring``, ``passphrase``, age recipients, or empty.
            scope: Installation that the keys belong to.
            folder: Where keys are stored; default: the user's folder.

        Raises:
            AbsentError: A package is missing.
            LockedError: The secret is missing or wrong.
        """
        if not setting:
            return None
        place = folder or KeyFolder()
        return cls(place.lock(setting), place, scope)

    def keys(self, owners: Sequence[str]) -> DataKeys:
        """Make and store keys, one for each owner.

        Raises:
            FullError: They cannot be stored.
        """
        return self.folder.create(self._lock, owners, self._scope)


def scope_of(state: Path | None) -> str:
    """Return the scope of the keys of an installation.

    Pseudonyms are unique within one configuration only: erasing a person of one must not destroy
    the keys of another's.

    Args:
        state: Its folder of receipts and audit; None if it keeps none.
    """
    return "" if state is None else hashlib.sha256(str(state).encode()).hexdigest()[:16]
