"""List that connects names with pseudonyms, apart from all data."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs

from sentio_bridge.privacy.private_folder import (
    PrivacyError,
    locked,
    make_private,
    remove_unfinished,
    replace,
)
from sentio_bridge.privacy.sealing import Sealing
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_recording.sealed.reader import unseal
from sentio_recording.sealed.segments import HEAD, MAGIC
from sentio_recording.sealed.writer import sealed
from sentio_sensors.errors import SensorError

FOLDER_VARIABLE = "SENTIO_NAMES"
"""Environment variable with the folder of the lists, instead of the user's."""

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 9
"""Characters of a pseudonym after its first one; nine of 31 are 44 bits."""

OWNER = "names"
"""Owner of the key of an encrypted list."""


class Pseudonyms:
    """The list of one installation, in a file that only its owner can read.

    A pseudonym is random: nothing of the name is in it. It has letters and digits only, so that it
    is valid as a subject, a profile, and a label of BIDS.

    Args:
        scope: Installation; see ``sealing.scope_of``.
        encrypt: What protects the list: ``keyring``, ``passphrase``, age recipients, or nothing.
        folder: Folder of the lists; default: ``SENTIO_NAMES`` or the user's data folder.
        keys: Folder of the keys; default: the user's.

    Attributes:
        path: The file.
    """

    def __init__(
        self,
        scope: str,
        encrypt: str = "",
        folder: Path | None = None,
        keys: KeyFolder | None = None,
    ) -> None:
        chosen = os.environ.get(FOLDER_VARIABLE)
        default = Path(chosen) if chosen else Path(platformdirs.user_data_dir("sentio")) / "names"
        self.path = (folder or default) / f"{scope or 'user'}.json"
        self._encrypt = encrypt
        self._scope = scope
        self._keys = keys or KeyFolder()

    def of(self, name: str) -> str:
        """Return the pseudonym of a name; a new name gets one. A pseudonym stays as it is.

        Raises:
            PrivacyError: The list cannot be read or written.
        """
        if name in self.rows():
            return name
        if (known := self.find(name)) != name:
            return known
        make_private(self.path.parent)
        with locked(self.path.parent):
            if (known := self.find(name)) == name:  # and no other process was faster
                rows = self.rows()
                known = _new(rows)
                self._write({**rows, known: name})
        return known

    def find(self, name: str) -> str:
        """Return the pseudonym of a name, or the text itself if it is not a known name.

        Raises:
            PrivacyError: The list cannot be read.
        """
        return next((p for p, other in self.rows().items() if other == name), name)

    def rows(self) -> Mapping[str, str]:
        """Return the name of each pseudonym.

        Raises:
            PrivacyError: The list cannot be read, or not without its key.
        """
        try:
            data = self.path.read_bytes()
            if data.startswith(MAGIC):
                found = unseal(data, "the list of names", self._keys.unlock)
                if found.unreadable or not found.ended:
                    raise PrivacyError(f"{self.path} was changed or cut", "restore a copy")
                data = bytes(found.data)
            return msgspec.json.decode(data, type=dict[str, str])
        except FileNotFoundError:
            return {}
        except SensorError as error:
            raise PrivacyError(f"{self.path}: {error.what}", error.fix) from None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise PrivacyError(f"cannot read {self.path}: {error}", "restore a copy") from None

    def erase(self, pseudonym: str) -> bool:
        """Remove a row: the pseudonym can no longer be resolved.

        Raises:
            PrivacyError: The list cannot be read or written.
        """
        if not self.path.parent.is_dir():
            return False
        with locked(self.path.parent):
            remove_unfinished(self.path.parent)  # they have the names
            if pseudonym not in self.rows():
                return False
            self._write({p: name for p, name in self.rows().items() if p != pseudonym})
        return True

    def _write(self, rows: Mapping[str, str]) -> None:
        data = msgspec.json.format(msgspec.json.encode(dict(sorted(rows.items()))), indent=1)
        try:
            if id_ := self._key_id():
                data = sealed([(OWNER, data)], self._keys.unlock(id_))
            elif (made := Sealing.of(self._encrypt, self._scope, self._keys)) is not None:
                data = sealed([(OWNER, data)], made.keys([OWNER]))
        except SensorError as error:
            raise PrivacyError(f"{self.path}: {error.what}", error.fix) from None
        replace(self.path, data)

    def _key_id(self) -> str:
        """Return the id of the keys of an encrypted list; empty for another."""
        try:
            with self.path.open("rb") as file:
                head = file.read(HEAD)
        except OSError:
            return ""
        return head[16:32].hex() if head.startswith(MAGIC) and len(head) == HEAD else ""


def _new(taken: Mapping[str, str]) -> str:
    """Return a pseudonym that is not in use."""
    while True:
        made = "p" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if made not in taken:
            return made
