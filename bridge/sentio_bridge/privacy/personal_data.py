"""Find, export and erase what is kept of a person below the configured folders."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from sentio_bridge.affect.personal.profile import Profile, ProfileError, decode, encode
from sentio_bridge.privacy import recorded_person
from sentio_bridge.privacy.private_folder import PrivacyError, make_private
from sentio_bridge.privacy.private_folder import replace as replace_file
from sentio_bridge.privacy.receipt_store import ReceiptStore
from sentio_bridge.privacy.salted_ids import SaltedIds
from sentio_bridge.protocol.vocabulary import MODALITY_OF
from sentio_recording import remove
from sentio_recording.export import csv_files
from sentio_recording.manifest import Manifest
from sentio_recording.manifest import decode as decode_manifest
from sentio_recording.recording import Recording
from sentio_recording.storage import MANIFEST
from sentio_sensors.errors import SensorError

PROFILES = ".profile.json"
EXPORT = "export.json"

README = """\
Data of {subject}, exported by Sentio

recordings/  one folder for each session: CSV files, one for each stream, with a header line.
             The first column is the time in seconds; manifest.json has the date of the session.
profiles/    values that describe how this person usually reacts (JSON).
consent.json the decisions about consent: what, when, for which purpose, on which text.
texts/       the texts that were shown before these decisions.

All estimates are uncertain and are no diagnosis.
"""


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
        kind: ``recording``, ``profile``, ``receipts`` or ``export``.
        path: File or folder.
        size: Bytes; of a recording of several persons, of the whole recording.
        shared: Whether others are in it too.
    """

    kind: str
    path: Path
    size: int
    shared: bool = False


class PersonalData:
    """What is kept of persons in some folders.

    Args:
        places: The folders.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._receipts = ReceiptStore(places.state)

    def subjects(self) -> list[str]:
        """Return the pseudonyms of which something is kept, sorted."""
        found = {s for _, manifest in self._recordings() for s in manifest.subjects}
        found |= {subject for _, subject in self._profiles()}
        found |= set(self._receipts.subjects())
        return sorted(found | {subject for _, subject in self._exports()})

    def of(self, subject: str) -> list[Found]:
        """Return everything that is kept of a subject."""
        found = [
            Found(kind="recording", path=path, size=_size(path), shared=len(m.subjects) > 1)
            for path, m in self._recordings()
            if subject in m.subjects
        ]
        for path, owner in self._profiles():
            if owner == subject:
                found.append(Found(kind="profile", path=path, size=_size(path)))
        if self._receipts.load(subject):
            path = self._receipts.path(subject)
            found.append(Found(kind="receipts", path=path, size=_size(path)))
        for path, owner in self._exports():
            if owner == subject:
                found.append(Found(kind="export", path=path, size=_size(path)))
        return found

    def erase(self, subject: str) -> list[Found]:
        """Erase everything of a subject; return what it was.

        A recording of several persons is written again without this one. The salt of the audit's
        ids goes last.

        Raises:
            PrivacyError: Something could not be erased; the rest was.
        """
        done, problems = [], []
        for found in self.of(subject):
            try:
                self._erase(found, subject)
                done.append(found)
            except (OSError, SensorError, PrivacyError) as error:
                problems.append(f"{found.path}: {error}")
        if problems:
            raise PrivacyError(
                f"not everything of {subject!r} is erased: {'; '.join(problems)}", "try again"
            )
        SaltedIds(self._places.state).erase(subject)
        return done

    def erase_sensors(self, subject: str, sensors: Sequence[str]) -> list[Found]:
        """Erase recorded parts and personal models that rest on a subject's sensors.

        Raises:
            PrivacyError: Something could not be erased; the rest was.
        """
        done, problems = [], []
        removal = recorded_person.of_sensors(subject, sensors)
        for found in self.of(subject):
            try:
                if found.kind == "recording":
                    remove.remove(found.path, removal)
                elif found.kind == "profile":
                    _forget_sensors(found.path, sensors)
                elif found.kind == "export":
                    shutil.rmtree(found.path)
                else:
                    continue
                done.append(found)
            except (OSError, SensorError, ProfileError) as error:
                problems.append(f"{found.path}: {error}")
        if problems:
            raise PrivacyError(f"not everything is erased: {'; '.join(problems)}", "try again")
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
        (out / "README.txt").write_text(README.format(subject=subject), "utf-8")
        for found in self.of(subject):
            if found.kind == "recording":
                self._export_recording(found.path, subject, out / "recordings" / found.path.name)
            elif found.kind == "profile":
                make_private(out / "profiles")
                shutil.copyfile(found.path, out / "profiles" / found.path.name)
        receipts = self._receipts.load(subject)
        text = msgspec.json.format(msgspec.json.encode(receipts), indent=2)
        (out / "consent.json").write_bytes(text + b"\n")
        for sha256 in {receipt.text.sha256 for receipt in receipts} - {""}:
            make_private(out / "texts")
            (out / "texts" / f"{sha256}.txt").write_text(self._receipts.text(sha256), "utf-8")
        return sorted(path for path in out.rglob("*") if path.is_file())

    def _export_recording(self, folder: Path, subject: str, out: Path) -> None:
        """Export one person of a recording: what belongs to others is removed from a copy."""
        manifest = decode_manifest((folder / MANIFEST).read_bytes())
        source = folder
        make_private(out)
        others = [each for each in manifest.subjects if each != subject]
        if others:
            source = out / "copy"
            shutil.copytree(folder, source)
            for other in others:
                remove.remove(source, _of_subject(source, other))
        with Recording(source) as recording:
            csv_files.export(recording, out, lambda *_: None)
        for media in (*source.glob("*.mkv"), *source.glob("*.flac")):
            shutil.copyfile(media, out / media.name)
        shutil.copyfile(source / MANIFEST, out / MANIFEST)
        if others:
            shutil.rmtree(source)

    def _erase(self, found: Found, subject: str) -> None:
        if found.kind == "receipts":
            self._receipts.erase(subject)
        elif found.shared:
            remove.remove(found.path, _of_subject(found.path, subject))
        elif found.path.is_dir():
            shutil.rmtree(found.path)
        else:
            found.path.unlink()

    def _recordings(self) -> Iterator[tuple[Path, Manifest]]:
        folder = self._places.recordings
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_symlink() or not (path / MANIFEST).is_file():
                continue
            try:
                yield path, decode_manifest((path / MANIFEST).read_bytes())
            except (SensorError, OSError):
                continue

    def _profiles(self) -> Iterator[tuple[Path, str]]:
        """Yield each profile with its subject; of a damaged one, its name's."""
        for path in sorted(self._places.profiles.glob(f"*{PROFILES}")):
            try:
                yield path, decode(path.read_bytes()).subject
            except (ProfileError, OSError):
                yield path, path.name.removesuffix(PROFILES)

    def _exports(self) -> Iterator[tuple[Path, str]]:
        for path in sorted(self._places.exports.glob(f"*/{EXPORT}")):
            try:
                about = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
            except (msgspec.MsgspecError, OSError):
                continue
            yield path.parent, about.get("subject", "")


def _of_subject(folder: Path, subject: str) -> remove.Removal:
    with Recording(folder) as recording:
        times = frozenset(
            time
            for time, text in recording.texts("events")
            if f'"subject":"{subject}"' in text and '"kind":"marker"' in text
        )
    return recorded_person.of_subject(subject, times)


def without_sensors(profile: Profile, sensors: Sequence[str]) -> Profile:
    """Return a profile without baselines and personal models of some sensors.

    Its ranges and earlier sessions rest on all sensors together: they go too.
    """
    modalities = {MODALITY_OF[sensor] for sensor in sensors if sensor in MODALITY_OF}
    return replace(
        profile,
        baselines={m: b for m, b in profile.baselines.items() if m not in modalities},
        personal=[model for model in profile.personal if model.modality not in modalities],
        ranges={},
        sessions=[],
    )


def _forget_sensors(path: Path, sensors: Sequence[str]) -> None:
    """Remove what rests on some sensors from a profile's file."""
    kept = without_sensors(decode(path.read_bytes()), sensors)
    if kept.baselines or kept.personal:
        replace_file(path, encode(kept))
    else:
        path.unlink()


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(each.lstat().st_size for each in path.rglob("*") if each.is_file())
