"""List of the files about persons that commands wrote."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace as replace_fields

from sentio_bridge.privacy.private_folder import append, make_private, replace
from sentio_recording.export import bids_folder

FILE = "exports.jsonl"
"""Name of the list in the folder of receipts and audit."""


class Export(msgspec.Struct, frozen=True):
    """One export.

    Attributes:
        out: The file, or the folder that contains the files.
        subjects: Persons whose data are in it.
        files: Absolute paths.
    """

    out: str
    subjects: list[str]
    files: list[str]

    def exists(self) -> bool:
        """Return whether any of its files is still there."""
        return any(Path(file).exists() for file in self.files)

    def named(self, file: str) -> bool:
        """Return whether a file is the named place, is below it, or is beside it."""
        place, path = Path(self.out), Path(file)
        path = path.parent.resolve() / path.name
        beside = path.parent == place.parent and path.name.startswith(place.stem)
        return beside or place in (path, *path.parents)

    def size(self) -> int:
        """Return the bytes of its files."""
        return sum(Path(file).stat().st_size for file in self.files if Path(file).exists())


_exports = msgspec.json.Decoder(Export)


class ExportList:
    """Exports by the persons in them, so that erasing a person finds them.

    Files of formats of other programs do not state the person; a list does, for all formats.

    Args:
        state: Folder of receipts and audit.
    """

    def __init__(self, state: Path) -> None:
        self._path = state / FILE

    def add(self, out: Path, subjects: Sequence[str], files: Sequence[Path]) -> None:
        """Add an export; one that is listed is not added again.

        Raises:
            PrivacyError: The list cannot be written.
        """
        make_private(self._path.parent)
        made = Export(str(out.resolve()), list(subjects), [str(f.resolve()) for f in files])
        if made in self.all():
            return
        append(self._path, msgspec.json.encode(made) + b"\n")

    def all(self) -> list[Export]:
        """Return the exports; damaged lines and those whose files are gone are left out.

        Files apart from the place that an export names are left out too: the folder of the list may
        come from another person, and these would be deleted.
        """
        found = []
        with suppress(FileNotFoundError):
            for line in self._path.read_bytes().splitlines():
                with suppress(msgspec.MsgspecError):
                    export = _exports.decode(line)
                    export = replace_fields(export, files=[*filter(export.named, export.files)])
                    found += [export] if export.exists() else []
        return found

    def delete(self, out: Path, subject: str, roots: Collection[Path]) -> None:
        """Delete a person's exports to a place, and the folders that are empty then.

        Files that exports of other people to the same place share, such as the description of a
        dataset, stay.

        Args:
            out: As in ``Export.out``.
            subject: The person.
            roots: Folders that stay. Elsewhere only folders of the export itself go.

        Raises:
            OSError: A file cannot be deleted.
            PrivacyError: The list cannot be written.
        """
        everything = self.all()
        gone = [e for e in everything if e.out == str(out) and subject in e.subjects]
        left = [export for export in everything if export not in gone]
        kept = {file for export in left for file in export.files}
        for file in {Path(file) for export in gone for file in export.files if file not in kept}:
            file.unlink(missing_ok=True)
            for folder in file.parents:
                ours = out in (folder, *folder.parents) or any(r in folder.parents for r in roots)
                if not ours or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()
        for path in kept.intersection(file for export in gone for file in export.files):
            if Path(path).name == bids_folder.PARTICIPANTS and Path(path).exists():
                bids_folder.forget_absent(Path(path))
        replace(self._path, b"".join(msgspec.json.encode(export) + b"\n" for export in left))
