"""Keys of one recording or profile, and the ciphers of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from sentio_sensors.errors import AbsentError, SensorError

COMMON = ""
"""Owner of what belongs to no single person; its slot is 0."""


class LockedError(SensorError):
    """Encrypted data cannot be read or written: no key, or a wrong one."""


class Cipher(Protocol):
    """Authenticated cipher."""

    def encrypt(self, nonce: bytes, data: Any, associated_data: bytes) -> bytes:
        """Return the encrypted bytes and their tag."""
        ...

    def decrypt(self, nonce: bytes, data: Any, associated_data: bytes) -> bytes:
        """Return the decrypted bytes; raise if a byte was changed."""
        ...


@dataclass(frozen=True, slots=True)
class DataKeys:
    """Keys by slot.

    Attributes:
        id: Which recording or profile, 32 hexadecimal characters.
        owners: Owner of each slot, beginning with ``COMMON``; empty after an erasure.
        keys: Keys that exist, 32 bytes each, by slot.
    """

    id: str
    owners: tuple[str, ...]
    keys: Mapping[int, bytes]

    @property
    def is_shared(self) -> bool:
        """Whether several persons have a key."""
        return len(self.owners) > 2

    def slot(self, owner: str) -> int:
        """Return the slot of an owner; what belongs to no known person has the common one."""
        return self.owners.index(owner) if owner in self.owners else 0

    def cipher(self, slot: int, salt: bytes) -> Cipher | None:
        """Return the cipher of a slot in a file; None if the key was destroyed.

        Args:
            slot: Whose key.
            salt: Salt of the file.
        """
        key = self.keys.get(slot)
        if key is None:
            return None
        module = library()
        derived = module.HKDF(module.SHA256(), 32, salt, b"sentio sealed file 1").derive(key)
        found: Cipher = module.AESGCM(derived)
        return found


class Library:
    """What is used of the package ``cryptography``.

    Raises:
        AbsentError: It is not installed.
    """

    def __init__(self) -> None:
        try:
            from cryptography.exceptions import InvalidTag
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
            from cryptography.hazmat.primitives.hashes import SHA256
            from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
            from cryptography.hazmat.primitives.kdf.hkdf import HKDF
        except ImportError as error:
            raise AbsentError(
                f"encryption needs the package cryptography: {error}",
                "pip install 'sentio-affect[encryption]'",
            ) from None
        self.InvalidTag: Any = InvalidTag
        self.AESGCM: Any = AESGCM
        self.SHA256: Any = SHA256
        self.Argon2id: Any = Argon2id
        self.HKDF: Any = HKDF


@cache
def library() -> Library:
    """Import ``cryptography`` when it is first needed.

    Raises:
        AbsentError: It is not installed.
    """
    return Library()
