"""Store of profiles as files in a folder."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sentio_bridge.affect.personal.profile import MAX_BYTES, Profile, ProfileError, decode, encode
from sentio_bridge.protocol import names

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

    Args:
        folder: Folder of the profiles; None for the user's data folder.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(platformdirs.user_data_dir("sentio")) / "profiles"

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
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            known = ", ".join(self.names()) or "none"
            raise ProfileError(
                f"no profile {name!r} in {self.folder}; known: {known}",
                "create one with: sentio calibrate",
            ) from None
        except OSError as error:
            raise ProfileError(f"cannot read profile {name!r}: {error}") from None
        return decode(data, subject)

    def save(self, name: str, profile: Profile) -> Path:
        """Write a profile atomically, readable by its owner only.

        Raises:
            ProfileError: The name is invalid, or the folder is not writable.
        """
        path = self._path(name)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(encode(profile))
                    file.flush()
                    os.fsync(file.fileno())
                Path(temporary).replace(path)
            except BaseException:  # also when interrupted: nothing half written stays
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise ProfileError(f"cannot write profile {name!r}: {error}") from None
        return path

    def delete(self, name: str) -> None:
        """Delete a profile.

        Raises:
            ProfileError: The profile does not exist or cannot be deleted.
        """
        try:
            self._path(name).unlink()
        except FileNotFoundError:
            raise ProfileError(f"no profile {name!r} in {self.folder}") from None
        except OSError as error:
            raise ProfileError(f"cannot delete profile {name!r}: {error}") from None

    def _path(self, name: str) -> Path:
        self.check(name)
        return self.folder / f"{name}{_ENDING}"
