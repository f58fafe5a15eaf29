"""Find, export and erase what is kept of a person below the configured folders."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

from sentio_bridge.affect.personal.profile import encode
from sentio_bridge.privacy import recorded_person
from sentio_bridge.privacy.free_texts import FreeTexts
from sentio_bridge.privacy.kept import DAMAGED, EXPORT, Found, Kept, Places
from sentio_bridge.privacy.private_folder import UNFINISHED, PrivacyError, make_private
from sentio_bridge.privacy.salted_ids import SaltedIds
from sentio_recording import manifest_file, remove
from sentio_recording.export import csv_files
from sentio_recording.manifest import encode as encode_manifest
from sentio_recording.markers import MarkerEvents
from sentio_recording.recording import Recording
from sentio_recording.sealed.data_keys import LockedError
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_recording.sealed.reader import Unlock, open_stored
from sentio_recording.storage import DATA, MANIFEST
from sentio_sensors.errors import SensorError

README = """\
Data of {subject}, exported by Sentio

recordings/  one folder for each session: CSV files, one for each stream, with a header line.
             The first column is the time in seconds; manifest.json has the date of the session.
profiles/    values that describe how this person usually reacts (JSON).
files/       recordings that are single files (XDF).
consent.json the decisions about consent: what, when, for which purpose, on which text.
texts/       the texts that were shown before these decisions.

All estimates are uncertain. They are not a diagnosis.
"""


class PersonalData:
    """Erases and copies what is kept of persons in some folders.

    Attributes:
        kept: Finds it.

    Args:
        places: The folders.
        keys: Folder of the keys; default: the user's.
        participants: Pseudonyms of persons whose recordings are named ``sub-PSEUDONYM...``.
    """

    def __init__(
        self,
        places: Places,
        keys: KeyFolder | None = None,
        participants: Collection[str] = (),
    ) -> None:
        self._places = places
        self.kept = Kept(places, keys, participants)
        self._receipts = self.kept.receipts

    def erase(self, subject: str) -> list[Found]:
        """Erase everything of a subject; return what it was.

        A recording of several persons is written again without this one. Then the person's keys are
        destroyed, also if something else failed: copies elsewhere are unreadable from then on. The
        texts of clients in the audit, and the salt of its ids, go last.

        Raises:
            PrivacyError: Something could not be erased; the rest was.
        """
        done, problems = [], []
        everything = self.kept.of(subject)
        for found in everything:
            try:
                self._erase(found, subject)
                done.append(found)
            except (OSError, SensorError, PrivacyError) as error:
                problems.append(f"{found.path}: {error}")
        try:
            self.kept.keys.erase(subject, self.kept.scope)
        except SensorError as error:
            problems.append(str(error))
        if problems:
            raise PrivacyError(
                f"not everything of {subject!r} is erased: {'; '.join(problems)}", "try again"
            )
        FreeTexts(self._places.state).forget()
        SaltedIds(self._places.state).erase(subject)
        return done

    def export(self, subject: str, out: Path) -> list[Path]:
        """Write everything of a subject to a new, readable folder; return its files.

        Raises:
            PrivacyError: The folder exists.
            SensorError: A recording cannot be read, or there is no room.
        """
        if out.exists() and any(out.iterdir()):
            raise PrivacyError(f"{out} is not empty", "choose a new folder")
        make_private(out)
        (out / EXPORT).write_bytes(msgspec.json.encode({"subject": subject}))
        left_out = []
        for found in self.kept.of(subject):
            name = found.path.name
            if found.kind == "recording":
                self._export_recording(found.path, subject, _free(out / "recordings" / name))
                # Who made a recording may have put a link to another file of this user in it.
                links = [path for path in sorted(found.path.rglob("*")) if path.is_symlink()]
                left_out += [f"{link}: it is a link\n" for link in links]
            elif found.kind == "profile":
                profile = self.kept.profile(found.path.read_bytes())
                _free(out / "profiles" / name).write_bytes(encode(profile))
            elif found.kind == "file" and not found.shared:
                shutil.copyfile(found.path, _free(out / "files" / name))
            elif found.kind in ("file", "damaged"):
                why = "it is damaged" if found.kind == "damaged" else "others are in it too"
                left_out.append(f"{found.path}: {why}\n")
        about = "".join(["\nNot in this copy:\n", *left_out]) if left_out else ""
        (out / "README.txt").write_text(README.format(subject=subject) + about, "utf-8")
        receipts = self._receipts.load(subject)
        text = msgspec.json.format(msgspec.json.encode(receipts), indent=2)
        (out / "consent.json").write_bytes(text + b"\n")
        for sha256 in {receipt.text.sha256 for receipt in receipts} - {""}:
            make_private(out / "texts")
            (out / "texts" / f"{sha256}.txt").write_text(self._receipts.text(sha256), "utf-8")
        return sorted(path for path in out.rglob("*") if path.is_file())

    def exported(
        self, folder: Path, subjects: Sequence[str], out: Path, files: Sequence[Path]
    ) -> None:
        """Note an export of a recording below the folders, so that erasing finds it.

        Raises:
            PrivacyError: The list cannot be written.
        """
        with suppress(SensorError, OSError):  # without a manifest: as the streams state
            persons = list(self.kept.persons(folder))
            subjects = persons if len(persons) == 1 else subjects  # a participant's name
        self.listed(subjects, out, files)

    def listed(self, subjects: Sequence[str], out: Path, files: Sequence[Path]) -> None:
        """Note files about persons, wherever they are, so that erasing finds them.

        Raises:
            PrivacyError: The list cannot be written.
        """
        self.kept.exports.add(out, subjects, files)

    def persons(self, folder: Path) -> Sequence[str]:
        """Return the persons of a recording; without a manifest, those of its streams."""
        with suppress(SensorError, OSError):
            return list(self.kept.persons(folder))
        return list(self.kept.named(folder / DATA))

    def _export_recording(self, folder: Path, subject: str, out: Path) -> None:
        """Export one person of a recording."""
        with self._alone(folder, subject) as source:
            make_private(out)
            with Recording(source, unlock=self._unlock) as recording:
                csv_files.export(recording, out, lambda *_: None)
            for media in (*source.glob("*.mkv"), *source.glob("*.flac")):
                if media.is_symlink():
                    continue
                with open_stored(media, self._unlock) as file, (out / media.name).open("wb") as to:
                    shutil.copyfileobj(file, to)
            left = replace(manifest_file.read(source, self._unlock), sealed="")
        (out / MANIFEST).write_bytes(encode_manifest(left))

    @contextmanager
    def _alone(self, folder: Path, subject: str) -> Iterator[Path]:
        """Yield a recording without other persons: itself, or a copy that is deleted.

        The copy is beside the recording: if a crash leaves it, erasing finds it.
        """
        subjects = manifest_file.read(folder, self._unlock).subjects
        several = len(subjects) > 1  # a single one may have a participant's name
        others = [each for each in subjects if several and each != subject]
        if not others:
            yield folder
            return
        place = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder.parent))
        try:
            copy = place / folder.name
            shutil.copytree(folder, copy, symlinks=True)
            for other in others:
                remove.remove(copy, self._of_subject(copy, other), self._unlock)
            yield copy
        finally:
            shutil.rmtree(place)

    def _erase(self, found: Found, subject: str) -> None:
        if found.kind == "receipts":
            self._receipts.erase(subject)
        elif found.kind == "key":
            return  # all together, after the rest
        elif found.kind == "export":
            self.kept.delete_export(found.path, subject)
        elif found.kind == "damaged" and found.shared:
            raise PrivacyError(DAMAGED)
        elif found.shared and found.kind == "recording":
            # Without the secret of the keys, destroying the person's own is what can be done.
            with suppress(LockedError):
                removal = self._of_subject(found.path, subject)
                remove.remove(found.path, removal, self._unlock)
        elif found.path.is_dir():
            id_ = manifest_file.public(found.path).sealed if found.kind == "recording" else ""
            shutil.rmtree(found.path)
            if id_:  # also where the folder has the name of a participant
                self.kept.keys.forget(id_)
        else:
            found.path.unlink()

    def _of_subject(self, folder: Path, subject: str) -> remove.Removal:
        with Recording(folder, unlock=self._unlock) as recording:
            return recorded_person.of_subject(subject, MarkerEvents(recording))

    @property
    def _unlock(self) -> Unlock:
        return self.kept.keys.unlock


def _free(path: Path) -> Path:
    """Return a path that does not exist yet: a name may occur in several folders."""
    make_private(path.parent)
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{number}-{path.name}")
    return free
