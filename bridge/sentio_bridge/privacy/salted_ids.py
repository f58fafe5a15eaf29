"""Salted ids for the audit, which cannot be resolved after an erasure."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from secrets import token_hex

import msgspec

from sentio_bridge.privacy.private_folder import (
    PrivacyError,
    locked,
    make_private,
    remove_unfinished,
    replace,
)

FILE = "salts.json"


class SaltedIds:
    """Ids of subjects and their things, each with the subject's own random salt.

    Args:
        folder: Folder of the state.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._salts: dict[str, str] = {}

    def of(self, subject: str, thing: str = "") -> str:
        """Return the id of a subject, or of a thing of it, such as a recording's folder.

        Raises:
            PrivacyError: The salts cannot be read or written.
        """
        return digest(self._salt(subject), thing)

    def known(self) -> dict[str, str]:
        """Return the pseudonym of each id that can still be resolved.

        Raises:
            PrivacyError: The salts cannot be read.
        """
        return {digest(salt, ""): subject for subject, salt in self._read().items()}

    def erase(self, subject: str) -> bool:
        """Destroy a subject's salt: its ids in the audit cannot be resolved any more.

        Raises:
            PrivacyError: The salts cannot be written.
        """
        self._salts.pop(subject, None)
        if not self._folder.is_dir():
            return False
        with locked(self._folder):
            remove_unfinished(self._folder)  # they have the salts
            salts = self._read()
            if salts.pop(subject, None) is None:
                return False
            replace(self._folder / FILE, msgspec.json.encode(salts))
        return True

    def _salt(self, subject: str) -> str:
        if subject not in self._salts:
            make_private(self._folder)
            with locked(self._folder):
                salts = self._read()
                if subject not in salts:
                    salts[subject] = token_hex(16)
                    replace(self._folder / FILE, msgspec.json.encode(salts))
            self._salts = salts
        return self._salts[subject]

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode((self._folder / FILE).read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise PrivacyError(f"cannot read {self._folder / FILE}: {error}") from None


def digest(salt: str, thing: str) -> str:
    """Return the id of a thing under a salt."""
    return hmac.new(bytes.fromhex(salt), thing.encode(), hashlib.sha256).hexdigest()[:16]
