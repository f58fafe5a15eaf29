"""Folder with the keys of recordings and profiles, apart from what they encrypt.

One file for each recording or profile: which person has which slot, and each slot's key, encrypted
by a lock. Destroying a person's keys there makes every copy of their data unreadable, also in
backups that contain no copy of this folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Annotated

import msgspec
import platformdirs

from sentio_recording.disk import FullError, locked, private, write_all
from sentio_recording.sealed import locks
from sentio_recording.sealed.data_keys import COMMON, DataKeys, LockedError

FOLDER_VARIABLE = "SENTIO_KEYS"
"""Environment variable with the folder of the keys, instead of the user's."""

MOST_BYTES = 1 << 20
"""Largest key file that is read, bytes."""

NEW = ".new"
"""Suffix of a key file until it is complete and replaces the old one."""

_Id = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]


class Slot(msgspec.Struct, frozen=True):
    """One person's key.

    Attributes:
        owner: Pseudonym; empty for what belongs to no single person, and after an erasure.
        key: The key, encrypted by the lock; empty after an erasure.
    """

    owner: str
    key: bytes


class KeyFile(msgspec.Struct, frozen=True):
    """Content of a key file.

    Attributes:
        id: Which recording or profile.
        lock: ``keyring``, ``passphrase`` or ``age``.
        slots: Keys; the first is common.
        scope: Installation within which the pseudonyms are unique; empty for none.
    """

    id: _Id
    lock: str
    slots: Annotated[list[Slot], msgspec.Meta(min_length=1, max_length=65_535)]
    scope: str = ""

    def has(self, owner: str, scope: str) -> bool:
        """Return whether it has a key of a person of an installation."""
        return self.scope == scope and any(slot.owner == owner for slot in self.slots)


_files = msgspec.json.Decoder(KeyFile)


class KeyFolder:
    """Keys of one user.

    Args:
        path: The folder; None for ``SENTIO_KEYS`` or the user's data folder.
        environ: Environment variables.
    """

    def __init__(self, path: Path | None = None, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ
        self._locks: dict[str, locks.Lock] = {}
        chosen = environ.get(FOLDER_VARIABLE)
        default = Path(chosen) if chosen else Path(platformdirs.user_data_dir("sentio")) / "keys"
        self.path = path or default

    def lock(self, setting: str) -> locks.Lock:
        """Return the lock that a setting names; make its secret if it is new.

        Args:
            setting: ``keyring``, ``passphrase``, or age recipients separated by spaces.

        Raises:
            AbsentError: A package is missing.
            LockedError: The setting or the secret cannot be used.
        """
        if setting == locks.KEYRING:
            return locks.keyring_lock(create=True)
        if setting == locks.PASSPHRASE:
            return locks.passphrase_lock(
                self.path, create=True, secret=lambda: locks.passphrase(self._environ)
            )
        return locks.AgeLock(setting.split(), self._environ)

    def create(self, lock: locks.Lock, owners: Sequence[str], scope: str = "") -> DataKeys:
        """Make and store new keys, one for each owner and a common one.

        Args:
            lock: Protects them.
            owners: Pseudonyms.
            scope: Installation that they belong to.

        Raises:
            FullError: They cannot be stored: nothing may be encrypted with them.
        """
        id_ = token_hex(16)
        names = [COMMON, *dict.fromkeys(owner for owner in owners if owner)]
        keys = [token_bytes(32) for _ in names]
        slots = [
            Slot(name, lock.wrap(key, _context(id_, number)))
            for number, (name, key) in enumerate(zip(names, keys, strict=True))
        ]
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locked(self.path):
                self._write(KeyFile(id_, lock.kind, slots, scope))
        except OSError as error:
            raise FullError(
                f"the keys cannot be stored in {self.path}: {error.strerror or error}",
                f"set {FOLDER_VARIABLE} to a folder of your own",
            ) from None
        return DataKeys(id_, tuple(names), dict(enumerate(keys)))

    def unlock(self, id_: str) -> DataKeys:
        """Return the keys of a recording or profile, without destroyed ones.

        Raises:
            AbsentError: A package is missing.
            LockedError: There are no keys, or the secret is missing or wrong.
        """
        file = self._read(id_)
        lock = self._locks.get(file.lock)
        if lock is None:
            lock = self._locks[file.lock] = self._open(file.lock)
        keys = {
            number: lock.unwrap(slot.key, _context(id_, number))
            for number, slot in enumerate(file.slots)
            if slot.key
        }
        if not keys:
            raise LockedError(f"the keys of {id_} were destroyed", "it cannot be read any more")
        return DataKeys(id_, tuple(slot.owner for slot in file.slots), keys)

    def owners(self, id_: str) -> tuple[str, ...]:
        """Return the persons with keys, without unlocking them.

        Raises:
            LockedError: There is no readable key file.
        """
        return tuple(slot.owner for slot in self._read(id_).slots if slot.owner)

    def ids(self) -> list[str]:
        """Return the ids of all key files."""
        return sorted(path.stem for path in self.path.glob("?" * 32 + ".json"))

    def of(self, owner: str, scope: str = "") -> list[str]:
        """Return the ids of the key files that have a key of a person of an installation."""
        return [file.id for file in self._all() if file.has(owner, scope)]

    def scoped(self, scope: str) -> set[str]:
        """Return the persons of an installation that have keys."""
        found = {slot.owner for file in self._all() if file.scope == scope for slot in file.slots}
        return found - {""}

    def path_of(self, id_: str) -> Path:
        """Return the path of a key file."""
        return self.path / f"{id_}.json"

    def erase(self, owner: str, scope: str = "") -> list[str]:
        """Destroy a person's keys in an installation; return the ids of the files.

        A file in which no person has a key any more is deleted with its common key. What a crash
        left on the way is destroyed too.

        Raises:
            FullError: A key could not be destroyed.
            LockedError: A key file is damaged, so that it is not known whose keys it has. The
                person's keys in the other files are destroyed.
        """
        if not self.path.is_dir():
            return []
        done, damaged = [], []
        try:
            with locked(self.path):
                self._finish_crashed()
                for id_ in self.ids():
                    try:
                        file = self._read(id_)
                    except LockedError as error:
                        damaged.append(error)
                        continue
                    if file.has(owner, scope):
                        self._destroy(file, owner)
                        done.append(file.id)
        except OSError as error:
            raise FullError(
                f"a key of {owner!r} cannot be destroyed: {error}", "try again"
            ) from None
        if damaged:
            raise damaged[0]
        return done

    def forget(self, id_: str) -> None:
        """Destroy all keys of a recording or profile that was deleted.

        Raises:
            FullError: They could not be destroyed.
        """
        try:
            if self.path.is_dir():
                with locked(self.path):
                    self._finish_crashed()
                    _wipe(self.path_of(id_))
        except OSError as error:
            raise FullError(
                f"the keys of {id_} cannot be destroyed: {error}", "try again"
            ) from None

    def _finish_crashed(self) -> None:
        """Delete what a crash left: a file that replaced no other yet, or one overwritten."""
        for left in self.path.glob("?" * 32 + NEW):
            _wipe(left)
        for path in self.path.glob("?" * 32 + ".json"):
            size = path.stat().st_size
            if 0 < size <= MOST_BYTES and path.read_bytes() == bytes(size):
                path.unlink()

    def _destroy(self, file: KeyFile, owner: str) -> None:
        slots = [Slot("", b"") if slot.owner == owner else slot for slot in file.slots]
        if any(slot.owner for slot in slots):
            self._write(KeyFile(file.id, file.lock, slots, file.scope))
        else:
            _wipe(self.path_of(file.id))

    def _write(self, file: KeyFile) -> None:
        """Replace a key file, and overwrite the old one's bytes."""
        path = self.path_of(file.id)
        beside = path.with_suffix(NEW)
        handle = private(beside, os.O_WRONLY | os.O_TRUNC)
        try:
            write_all(handle, msgspec.json.encode(file))
            os.fsync(handle)
        finally:
            os.close(handle)
        old = path.open("r+b") if path.exists() else None
        os.replace(beside, path)
        if old is not None:
            with old:
                _overwrite(old.fileno())

    def _read(self, id_: str) -> KeyFile:
        path = self.path_of(id_)
        try:
            with path.open("rb") as opened:
                file = _files.decode(opened.read(MOST_BYTES))
        except FileNotFoundError:
            raise LockedError(
                f"it is encrypted, and {self.path} has no key for it",
                f"set {FOLDER_VARIABLE} to the folder of the keys with which it was recorded",
            ) from None
        except (OSError, ValueError, RecursionError) as error:
            raise LockedError(f"{path}: {error}", "restore the key file from a backup") from None
        if file.id != id_:
            raise LockedError(f"{path} has the keys of {file.id}", "restore the key file")
        return file

    def _all(self) -> Iterator[KeyFile]:
        for id_ in self.ids():
            try:
                yield self._read(id_)
            except LockedError:
                continue

    def _open(self, kind: str) -> locks.Lock:
        if kind == locks.KEYRING:
            return locks.keyring_lock(create=False)
        if kind == locks.PASSPHRASE:
            return locks.passphrase_lock(
                self.path, create=False, secret=lambda: locks.passphrase(self._environ)
            )
        if kind == locks.AGE:
            return locks.AgeLock((), self._environ)
        raise LockedError(f"its key has the unknown lock {kind[:40]!r}", "update Sentio")


def unlock(id_: str) -> DataKeys:
    """Return keys from the user's folder: what readers of recordings use by default.

    Raises:
        AbsentError: A package is missing.
        LockedError: There are no keys, or the secret is missing or wrong.
    """
    return KeyFolder().unlock(id_)


def _context(id_: str, slot: int) -> bytes:
    """Return what binds a wrapped key to its place."""
    return f"sentio key 1 {id_} {slot}\n".encode()


def _wipe(path: Path) -> None:
    """Overwrite and delete a file, if it exists."""
    try:
        with path.open("r+b") as file:
            _overwrite(file.fileno())
    except FileNotFoundError:
        return
    path.unlink()


def _overwrite(handle: int) -> None:
    size = os.fstat(handle).st_size
    os.lseek(handle, 0, os.SEEK_SET)
    write_all(handle, bytes(size))
    os.fsync(handle)
