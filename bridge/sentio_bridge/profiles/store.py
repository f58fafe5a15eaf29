"""Store of profiles as files in a folder."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sentio_bridge.affect.personal.checksum import check_bytes, with_checksum
from sentio_bridge.affect.personal.profile import MAX_BYTES, Profile, ProfileError, decode, encode
from sentio_bridge.privacy.private_folder import write_whole
from sentio_bridge.privacy.sealing import Sealing
from sentio_bridge.protocol import names
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_recording.sealed.reader import unseal
from sentio_recording.sealed.segments import HEAD, MAGIC
from sentio_recording.sealed.writer import sealed
from sentio_sensors.errors import SensorError

MOST_STORED = 2 * MAX_BYTES
"""Largest file that is read, bytes: segments of an encrypted one need some."""

_LONGEST_NAME = 64
_ENDING = ".profile.json"


@dataclass(frozen=True, slots=True)
class Listed:
    """Entry of the folder.

    Attributes:
        name: Name of the profile.
        profile: Content, or None if it cannot be read.
        problem: Why it cannot be read; empty if it can.
    """

    name: str
    profile: Profile | None
    problem: str = ""


class ProfileStore:
    """Store of the profiles in one folder.

    An encrypted profile stays encrypted, and is read with the user's keys.

    Args:
        folder: Folder of the profiles; None for the user's data folder.
        sealing: Makes the keys of new profiles; None: new profiles are not encrypted.
        keys: Folder of the keys; default: the user's.
    """

    def __init__(
        self,
        folder: Path | None = None,
        sealing: Sealing | None = None,
        keys: KeyFolder | None = None,
    ) -> None:
        self._sealing = sealing
        self._keys = keys or KeyFolder()
        self.folder = folder or profile_folder("")

    @staticmethod
    def check(name: str) -> None:
        """Check that a name is valid for a profile.

        Raises:
            ProfileError: The name is invalid.
        """
        problem = names.problem(name, _LONGEST_NAME)
        if problem:
            raise ProfileError(
                f"{name[:80]!r} is not a valid profile name: it {problem}", f"use {names.RULE}"
            )

    def names(self) -> list[str]:
        """Return the names of all profiles, sorted."""
        if not self.folder.is_dir():
            return []
        return sorted(p.name.removesuffix(_ENDING) for p in self.folder.glob(f"*{_ENDING}"))

    def all(self) -> list[Listed]:
        """Return all profiles; damaged ones with the problem."""
        listed = []
        for name in self.names():
            try:
                listed.append(Listed(name, self.load(name)))
            except ProfileError as error:
                listed.append(Listed(name, None, str(error)))
        return listed

    def load(self, name: str, subject: str | None = None) -> Profile:
        """Read a profile.

        Args:
            name: Name of the profile.
            subject: Required subject; None accepts any.

        Raises:
            ProfileError: The profile does not exist or is unusable.
        """
        path = self._path(name)
        try:
            with path.open("rb") as file:
                data = file.read(MOST_STORED)
        except FileNotFoundError:
            known = ", ".join(self.names()) or "none"
            raise ProfileError(
                f"no profile {name!r} in {self.folder}; known: {known}",
                "create one with: sentio calibrate",
            ) from None
        except OSError as error:
            raise ProfileError(f"cannot read profile {name!r}: {error}") from None
        return self.decoded(data, subject)

    def decoded(self, data: bytes, subject: str | None = None) -> Profile:
        """Return the profile of a file's bytes, which may be encrypted.

        Raises:
            ProfileError: It is unusable, or encrypted without a key.
        """
        if not data.startswith(MAGIC):
            profile = decode(data[: MAX_BYTES + 1], subject)
            check_bytes(data)
            return profile
        try:
            found = unseal(data, "the profile", self._keys.unlock)
        except SensorError as error:
            raise ProfileError(error.what, error.fix) from None
        if found.unreadable or not found.ended:
            raise ProfileError("the encrypted profile was changed or cut", "restore a copy")
        return decode(bytes(found.data), subject)

    def save(self, name: str, profile: Profile) -> Path:
        """Write a profile atomically, readable by its owner only.

        Raises:
            ProfileError: The name is invalid or that of another person's profile, or the folder is
                not writable.
        """
        path = self._path(name)
        if self.owner(name) not in ("", profile.subject):
            raise ProfileError(f"profile {name!r} belongs to another person", "choose another name")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(path, self._encoded(path, profile))
        except OSError as error:
            raise ProfileError(f"cannot write profile {name!r}: {error}") from None
        return path

    def owner(self, name: str) -> str:
        """Return the person of a profile; empty if there is none, or it is not known.

        No secret is needed for an encrypted one.

        Raises:
            ProfileError: The name is invalid.
        """
        if id_ := key_id(self._path(name)):
            with suppress(SensorError):
                return next(iter(self._keys.owners(id_)), "")
            return ""
        with suppress(ProfileError):
            return self.load(name).subject
        return ""

    def of(self, people: Collection[str]) -> list[str]:
        """Return the names of the profiles of some people, sorted.

        One that cannot be read belongs to the person of its name.

        Args:
            people: Subjects.
        """
        return [name for name in self.names() if (self.owner(name) or name) in people]

    def delete(self, name: str) -> None:
        """Delete a profile.

        Raises:
            ProfileError: The profile does not exist or cannot be deleted.
        """
        path = self._path(name)
        try:
            id_ = key_id(path)
            path.unlink()
            if id_:
                self._keys.forget(id_)
        except FileNotFoundError:
            raise ProfileError(f"no profile {name!r} in {self.folder}") from None
        except OSError as error:
            raise ProfileError(f"cannot delete profile {name!r}: {error}") from None

    def _encoded(self, path: Path, profile: Profile) -> bytes:
        """Return the bytes to write: encrypted if the file is, or if new ones are.

        Raises:
            ProfileError: There is no key.
        """
        id_ = key_id(path)
        try:
            if id_:
                keys = self._keys.unlock(id_)
            elif self._sealing is not None:
                keys = self._sealing.keys([profile.subject])
            else:
                return with_checksum(encode(profile))
        except SensorError as error:
            raise ProfileError(error.what, error.fix) from None
        return sealed([(profile.subject, encode(profile))], keys)

    def _path(self, name: str) -> Path:
        self.check(name)
        return self.folder / f"{name}{_ENDING}"


def profile_folder(configured: str) -> Path:
    """Return the folder of the profiles.

    Args:
        configured: Folder of the configuration; empty for the user's data folder.
    """
    return Path(configured or Path(platformdirs.user_data_dir("sentio")) / "profiles")


def profile_store(folder: str, encrypt: str, scope: str = "") -> ProfileStore:
    """Return the store that a configuration names.

    Args:
        folder: Its folder; empty for the user's data folder.
        encrypt: What protects the keys of new profiles; empty: they are not encrypted.
        scope: Installation that the keys belong to.

    Raises:
        AbsentError: A package for the encryption is missing.
        LockedError: The secret of the encryption is missing or wrong.
    """
    return ProfileStore(Path(folder) if folder else None, Sealing.of(encrypt, scope))


def key_id(path: Path) -> str:
    """Return the id of the keys of an encrypted file; empty for others."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return ""
    return head[16:32].hex() if head.startswith(MAGIC) and len(head) == HEAD else ""
