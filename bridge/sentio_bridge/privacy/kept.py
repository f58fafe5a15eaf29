"""Find what is kept of persons below the configured folders, at any depth."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from sentio_bridge.affect.personal.profile import Profile, ProfileError, decode
from sentio_bridge.privacy.export_list import ExportList
from sentio_bridge.privacy.mentions import mentions
from sentio_bridge.privacy.private_folder import UNFINISHED
from sentio_bridge.privacy.receipt_store import ReceiptStore
from sentio_bridge.privacy.sealing import scope_of
from sentio_recording import manifest_file
from sentio_recording.manifest import Manifest
from sentio_recording.recording import Recording
from sentio_recording.sealed.data_keys import LockedError
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_recording.sealed.reader import unseal
from sentio_recording.sealed.segments import HEAD, MAGIC
from sentio_recording.storage import DATA, JOURNAL
from sentio_sensors.errors import SensorError

PARTICIPANT = re.compile(r"sub-([A-Za-z0-9]+)(?:_|$)")
"""Name of a participant's recording, as `sentio session start` makes it."""

PROFILES, EXPORT = ".profile.json", "export.json"

DAMAGED = "its manifest cannot be read: it may hold data of several persons; delete the folder"
"""Problem of a recording from which a single person cannot be removed."""


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Folders in which data of persons are.

    Attributes:
        recordings: Folder of the recordings.
        profiles: Folder of the profiles.
        state: Folder of receipts and audit.
        exports: Folder of exports.
    """

    recordings: Path
    profiles: Path
    state: Path
    exports: Path


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is kept of a person.

    Attributes:
        kind: ``recording``, ``damaged`` (a recording without a readable manifest), ``file``,
            ``profile``, ``receipts``, ``export`` or ``key``.
        path: File or folder.
        size: Bytes; of a recording of several persons, of the whole recording.
        shared: Whether others are in it too; of a damaged one, or it is unknown who is.
    """

    kind: str
    path: Path
    size: int
    shared: bool = False


class Kept:
    """What is kept of persons in some folders.

    Args:
        places: The folders.
        keys: Folder of the keys; default: the user's.
        participants: Pseudonyms of persons whose recordings are named ``sub-PSEUDONYM...``.

    Attributes:
        keys: Folder of the keys.
        scope: Installation that the keys belong to.
        receipts: Receipts of consent.
        exports: Exports below the folders.
    """

    def __init__(
        self,
        places: Places,
        keys: KeyFolder | None = None,
        participants: Collection[str] = (),
    ) -> None:
        self._places = places
        self._participants = participants
        self.keys = keys or KeyFolder()
        self.scope = scope_of(places.state)
        self.receipts = ReceiptStore(places.state)
        self.exports = ExportList(places.state)

    def subjects(self) -> list[str]:
        """Return the pseudonyms of which something is kept, sorted."""
        found = set(self.receipts.subjects()) | self.keys.scoped(self.scope)
        for path, people in self._everything():
            del path
            found |= set(people)
        for export in self.exports.all():
            found |= set(export.subjects)
        return sorted(found - {""})

    def of(self, subject: str) -> list[Found]:
        """Return everything that is kept of a subject."""
        found = []
        for (kind, path), people in self._everything():
            unknown = kind == "damaged" and not people
            if subject in people or unknown or _is_of_participant(path, people, subject):
                shared = len(people) > 1 or unknown
                found.append(Found(kind=kind, path=path, size=_size(path), shared=shared))
        for export in self.exports.all():
            if subject in export.subjects:
                shared, path = len(export.subjects) > 1, Path(export.out)
                found.append(Found(kind="export", path=path, size=export.size(), shared=shared))
        if self.receipts.load(subject):
            path = self.receipts.path(subject)
            found.append(Found(kind="receipts", path=path, size=_size(path)))
        for id_ in self.keys.of(subject, self.scope):
            path, shared = self.keys.path_of(id_), len(self.keys.owners(id_)) > 1
            found.append(Found(kind="key", path=path, size=_size(path), shared=shared))
        return found

    def delete_export(self, path: Path, subject: str) -> None:
        """Delete a person's exports to a place.

        Raises:
            OSError: A file cannot be deleted.
            PrivacyError: The list cannot be written.
        """
        if (path / EXPORT).exists():
            shutil.rmtree(path)
        else:
            roots = (self._places.recordings, self._places.exports)
            self.exports.delete(path, subject, roots)

    def unlisted(self, subject: str) -> list[Path]:
        """Return what may hold data of a subject and is in no list: files, links."""
        known = {path for (_, path), _ in self._everything()}
        known |= {Path(file) for export in self.exports.all() for file in export.files}
        places = {self._places.recordings, self._places.profiles, self._places.exports}
        return list(mentions(subject, places, known))

    def linked(self, subject: str) -> list[Path]:
        """Return where links in a person's recordings lead, which is not erased."""
        folders = [found.path for found in self.of(subject) if found.path.is_dir()]
        links = [path for each in folders for path in each.rglob("*") if path.is_symlink()]
        return sorted({Path(os.path.realpath(link)) for link in links})  # also of a loop

    def manifest(self, folder: Path) -> Manifest:
        """Return a recording's manifest; without a key, what is known without one.

        Raises:
            OSError: It cannot be read.
            DamagedError: It is invalid.
        """
        try:
            return manifest_file.read(folder, self.keys.unlock)
        except LockedError:
            public = manifest_file.public(folder)
            with suppress(LockedError):
                owners = list(self.keys.owners(public.sealed))
                return msgspec.structs.replace(public, subjects=owners)
            return public

    def profile(self, data: bytes) -> Profile:
        """Return the profile of a file's bytes, which may be encrypted.

        Raises:
            ProfileError: It is unusable.
            SensorError: It is encrypted, and cannot be decrypted.
        """
        if not data.startswith(MAGIC):
            return decode(data)
        return decode(bytes(unseal(data, "the profile", self.keys.unlock).data))

    def _everything(self) -> Iterator[tuple[tuple[str, Path], Collection[str]]]:
        """Yield kind and path of each thing with its persons; what is in one is left out."""
        listed = {file for export in self.exports.all() for file in export.files}
        roots = {self._places.recordings, self._places.profiles, self._places.exports}
        seen: set[Path] = set()
        for root in sorted(roots):
            for folder, folders, files in os.walk(root):
                path = Path(folder)
                if path.resolve() in seen:
                    folders.clear()
                    continue
                seen.add(path.resolve())
                whole = self._folder(path, files)
                if whole is not None:
                    folders.clear()
                    yield whole
                    continue
                for name in sorted(files):
                    people = self.named(path / name) if str(path / name) not in listed else ()
                    if people:
                        kind = "profile" if name.endswith(PROFILES) else "file"
                        yield (kind, path / name), people

    def _folder(
        self, path: Path, files: Collection[str]
    ) -> tuple[tuple[str, Path], Collection[str]] | None:
        """Return kind and persons of a folder that is one thing."""
        if EXPORT in files:
            with suppress(msgspec.MsgspecError, OSError):
                about = msgspec.json.decode((path / EXPORT).read_bytes(), type=dict[str, str])
                return ("export", path), [about.get("subject", "")]
        if not {manifest_file.FILE, manifest_file.SEALED, JOURNAL}.intersection(files):
            return None
        try:
            return ("recording", path), self.persons(path)
        except (SensorError, OSError):
            return ("damaged", path), self.named(path / DATA)

    def persons(self, folder: Path) -> Collection[str]:
        """Return the persons of a recording; its only one may have a name of a study.

        Raises:
            OSError: It cannot be read.
            DamagedError: It is invalid.
        """
        subjects = self.manifest(folder).subjects
        label = PARTICIPANT.match(folder.name)
        if label and label[1] in self._participants and len(subjects) < 2:
            return [label[1]]
        return subjects

    def named(self, path: Path) -> Collection[str]:
        """Return the persons of a single file; of a damaged profile, its name's."""
        if path.is_symlink() or not path.is_file():
            return []
        if path.name.endswith(PROFILES) or path.name.startswith(UNFINISHED):
            return [self._owner(path)]
        if path.suffix.lower() == ".xdf":
            with suppress(SensorError, OSError), Recording(path) as recording:
                infos = recording.streams.values()
                return {info.meta.get("meta_subject", "") for info in infos} - {""}
        return []

    def _owner(self, path: Path) -> str:
        with suppress(ProfileError, SensorError, OSError):
            return self.profile(path.read_bytes()).subject
        with suppress(LockedError, OSError), path.open("rb") as file:
            head = file.read(HEAD)
            if head.startswith(MAGIC):
                return next(iter(self.keys.owners(head[16:32].hex())), "")
        return path.name.removesuffix(PROFILES)


def _is_of_participant(path: Path, people: Collection[str], subject: str) -> bool:
    """Return whether a folder's name has a participant, in a list or not."""
    label = PARTICIPANT.match(path.name)
    return label is not None and label[1] == subject and len(people) < 2


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(each.lstat().st_size for each in path.rglob("*") if each.is_file())
