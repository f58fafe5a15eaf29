"""Locks of the keys of recordings: the keyring, a passphrase, or age."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from getpass import getpass
from pathlib import Path
from typing import Any, Protocol

import msgspec

from sentio_recording.disk import write_whole
from sentio_recording.sealed.data_keys import LockedError, library
from sentio_sensors.errors import AbsentError

KEYRING, PASSPHRASE, AGE = "keyring", "passphrase", "age"

PASSPHRASE_VARIABLE = "SENTIO_PASSPHRASE"
"""Environment variable with the passphrase."""

PASSPHRASE_FILE_VARIABLE = "SENTIO_PASSPHRASE_FILE"
"""Environment variable with the path of a file whose first line is the passphrase."""

IDENTITY_VARIABLE = "SENTIO_AGE_IDENTITY"
"""Environment variable with the path of a file with age identities (``AGE-SECRET-KEY-1...``)."""

SERVICE, ENTRY = "sentio", "recording keys"
"""Name of the master key in the system's keyring."""

PARAMETERS = "passphrase.json"
"""File with the salt and costs of the passphrase, and a text that checks it."""

CHECK = b"sentio passphrase"


class Lock(Protocol):
    """What protects keys at rest."""

    kind: str

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Return a key, encrypted; only the same context unwraps it."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Return the key.

        Raises:
            LockedError: The secret is missing or wrong, or the bytes were changed.
        """
        ...


class MasterLock:
    """Lock by a master key of 32 bytes.

    Args:
        kind: ``keyring`` or ``passphrase``.
        master: The master key.
    """

    def __init__(self, kind: str, master: bytes) -> None:
        self.kind = kind
        self._cipher = library().AESGCM(master)

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Return a key, encrypted."""
        nonce = os.urandom(12)
        wrapped: bytes = nonce + self._cipher.encrypt(nonce, key, context)
        return wrapped

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Return the key; see ``Lock``."""
        try:
            key: bytes = self._cipher.decrypt(wrapped[:12], wrapped[12:], context)
        except (library().InvalidTag, ValueError):
            raise LockedError(
                f"the {self.kind} does not open this key, or the key file was changed",
                "use the secret with which it was recorded",
            ) from None
        return key


class AgeLock:
    """Lock by age recipients: recording needs only their public keys.

    Args:
        recipients: ``age1...``; empty for reading only.
        environ: Environment variables, for the identity.
    """

    kind = AGE

    def __init__(self, recipients: Sequence[str], environ: Mapping[str, str] = os.environ) -> None:
        self._age = _age()
        self._environ = environ
        try:
            self._recipients = [self._age.x25519.Recipient.from_str(text) for text in recipients]
        except self._age.RecipientError as error:
            raise LockedError(
                f"{recipients!r}: {error}", "give a public key: age1..., from age-keygen"
            ) from None

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Return a key, encrypted for the recipients."""
        if not self._recipients:
            raise LockedError("no age recipient is configured", 'encrypt = "age1..."')
        wrapped: bytes = self._age.encrypt(context + key, self._recipients)
        return wrapped

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Return the key; see ``Lock``."""
        try:
            found: bytes = self._age.decrypt(wrapped, self._identities())
        except self._age.DecryptError as error:
            raise LockedError(
                f"no age identity opens this key: {error}",
                f"set {IDENTITY_VARIABLE} to the file of the recipient's identity",
            ) from None
        if not found.startswith(context):
            raise LockedError("the key belongs to another recording", "use the original key file")
        return found[len(context) :]

    def _identities(self) -> list[Any]:
        path = self._environ.get(IDENTITY_VARIABLE, "")
        if not path:
            raise LockedError(
                "it is encrypted for an age recipient",
                f"set {IDENTITY_VARIABLE} to the file of the recipient's identity",
            )
        try:
            lines = Path(path).read_text("utf-8").splitlines()
            keys = [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")]
            return [self._age.x25519.Identity.from_str(key) for key in keys]
        except (OSError, UnicodeDecodeError, self._age.IdentityError) as error:
            raise LockedError(f"{path}: {error}", "give a file of age-keygen") from None


def keyring_lock(*, create: bool) -> MasterLock:
    """Return the lock whose master key is in the system's keyring.

    Args:
        create: Make a master key if there is none.

    Raises:
        AbsentError: The package ``keyring`` is not installed.
        LockedError: The system has no keyring, or it has no master key.
    """
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise AbsentError(
            "the package keyring is not installed", "pip install 'sentio-affect[encryption]'"
        ) from None
    try:
        stored = keyring.get_password(SERVICE, ENTRY)
        if stored is None and create:
            stored = base64.b64encode(os.urandom(32)).decode()
            keyring.set_password(SERVICE, ENTRY, stored)
    except KeyringError as error:
        raise LockedError(
            f"the keyring of the system cannot be used: {error}",
            'unlock it, or use encrypt = "passphrase" or an age recipient',
        ) from None
    if stored is None:
        raise LockedError(
            "the keyring of this system has no key of Sentio",
            "read it on the system and account that recorded it",
        )
    return MasterLock(KEYRING, base64.b64decode(stored))


class Parameters(msgspec.Struct, frozen=True):
    """Salt and costs of a passphrase, and what shows that it is the right one."""

    salt: bytes
    check: bytes
    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 65_536


_parameters = msgspec.json.Decoder(Parameters)


def passphrase_lock(
    folder: Path, *, create: bool, secret: Callable[[], str] | None = None
) -> MasterLock:
    """Return the lock whose master key is derived from a passphrase by Argon2id.

    Args:
        folder: Folder of the keys, with the salt and costs (RFC 9106, section 4: 64 MiB, three
            passes, four lanes).
        create: Make a salt if there is none.
        secret: Returns the passphrase; default: ``passphrase``.

    Raises:
        LockedError: There is no passphrase, or it is not the one of this folder.
        FullError: The salt cannot be written.
    """
    path = folder / PARAMETERS
    text = (secret or passphrase)()
    try:
        known = _parameters.decode(path.read_bytes())
    except FileNotFoundError:
        if not create:
            raise LockedError(f"{path} is missing", "restore the folder of the keys") from None
        salt = os.urandom(16)
        lock = MasterLock(PASSPHRASE, derived(text, Parameters(salt, b"")))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        check = lock.wrap(CHECK, b"")
        write_whole(path, msgspec.json.encode(Parameters(salt, check)))
        return lock
    except (OSError, ValueError, RecursionError) as error:
        raise LockedError(f"{path}: {error}", "restore the folder of the keys") from None
    lock = MasterLock(PASSPHRASE, derived(text, known))
    try:
        lock.unwrap(known.check, b"")
    except LockedError:
        raise LockedError("the passphrase is wrong", "give that of this user's keys") from None
    return lock


def passphrase(environ: Mapping[str, str] = os.environ) -> str:
    """Return the passphrase of the environment, of its file, or from the terminal.

    Raises:
        LockedError: There is none.
    """
    text = environ.get(PASSPHRASE_VARIABLE, "")
    file = environ.get(PASSPHRASE_FILE_VARIABLE, "")
    if not text and file:
        try:
            text = Path(file).read_text("utf-8").partition("\n")[0]
        except (OSError, UnicodeDecodeError) as error:
            raise LockedError(f"{file}: {error}", f"check {PASSPHRASE_FILE_VARIABLE}") from None
    if not text and sys.stdin is not None and sys.stdin.isatty():
        text = getpass("Passphrase of the recordings: ")
    if not text:
        raise LockedError(
            "the keys of recordings and profiles need a passphrase",
            f"set {PASSPHRASE_FILE_VARIABLE} to a file with it, or {PASSPHRASE_VARIABLE}",
        )
    return text


def derived(text: str, parameters: Parameters) -> bytes:
    """Return the key of a passphrase."""
    kdf = library().Argon2id(
        salt=parameters.salt,
        length=32,
        iterations=min(parameters.iterations, 100),
        lanes=min(parameters.lanes, 64),
        memory_cost=min(parameters.memory_kib, 1 << 21),
    )
    key: bytes = kdf.derive(text.encode())
    return key


def _age() -> Any:
    try:
        import pyrage
    except ImportError:
        raise AbsentError(
            "the package pyrage is not installed", "pip install 'sentio-affect[encryption]'"
        ) from None
    return pyrage
