"""Export and erase the data of a person below the configured folders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from sentio_bridge.config.pseudonymous import list_of
from sentio_bridge.config.schema import Config
from sentio_bridge.errors import RequestError
from sentio_bridge.privacy.audit import Audit
from sentio_bridge.privacy.consent_book import ConsentBook
from sentio_bridge.privacy.consent_keeper import now_utc
from sentio_bridge.privacy.ended import Ended
from sentio_bridge.privacy.in_use import unused
from sentio_bridge.privacy.kept import Found, Places
from sentio_bridge.privacy.personal_data import PersonalData
from sentio_bridge.privacy.private_folder import state_folder
from sentio_bridge.privacy.purpose_erasure import PurposeErasure
from sentio_bridge.privacy.receipt_store import ReceiptStore
from sentio_bridge.privacy.salted_ids import SaltedIds
from sentio_bridge.profiles.store import profile_folder
from sentio_bridge.server.shared_exports import SharedExports
from sentio_recording.manifest import Manifest


def written_by(config: Config, subjects: Iterable[str]) -> list[Path]:
    """Return what a sidecar writes that another configuration may name too.

    Args:
        config: Configuration of the sidecar.
        subjects: Persons whose profiles count.
    """
    profiles = profile_folder(config.profiles.folder)
    return [Path(config.recording.folder), *(profiles / subject for subject in subjects)]


class DataRights:
    """A person's rights over what is kept: access, portability, erasure.

    Attributes:
        data: What is kept.
        exports: Folder of exports.
        names: List that connects names with pseudonyms, if it is used.

    Args:
        config: Configuration that names the folders.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self.exports = Path(config.privacy.exports).expanduser().resolve()
        state = state_folder(config.path, config.privacy.folder)
        self._recordings = Path(config.recording.folder).resolve()
        self._places = Places(
            recordings=self._recordings,
            profiles=profile_folder(config.profiles.folder),
            state=state,
            exports=self.exports,
        )
        self.names = list_of(config.privacy, config.path)
        rows = {} if self.names is None else self.names.rows()
        self.data = PersonalData(self._places, participants=rows.keys())
        self._shared = SharedExports(config)
        self._receipts = ReceiptStore(state)
        self._audit = Audit(state)
        self._ids = SaltedIds(state)

    def export(self, subject: str, out: Path, *, for_person: bool = False) -> Sequence[Path]:
        """Write everything of a subject into a new folder; return its files.

        Args:
            subject: Pseudonym.
            out: The new folder. Outside of the configured folders it needs ``share``.
            for_person: The copy is for the person, whose right it is: that needs no consent.

        Raises:
            RequestError: Nothing is kept of the subject, or it is not shared.
            PrivacyError: The folder exists.
            SensorError: A recording cannot be read.
        """
        self._known(subject)
        if not for_person and not self._shared.stays(out):
            try:
                self._shared.check_person(subject)
            except RequestError as error:
                fix = f"{error.fix}; if the copy is for the person: --for-person"
                raise RequestError(error.code, error.what, fix) from None
        written = self.data.export(subject, out)
        self._audit.append([("export", {"subject": self._ids.of(subject), "files": len(written)})])
        return written

    def may_keep_model(self, subject: str, sensor: str) -> bool:
        """Return whether a sensor may be kept in a personal model, by what was decided.

        Where nothing was decided here, the recording itself states what was allowed.

        Raises:
            PrivacyError: The receipts cannot be read.
        """
        guardian = self._config.privacy.children.get(subject)
        book = ConsentBook(self._receipts.load(subject), guardian)
        decided = book.newest(sensor, "personal_model") is not None
        return not decided or book.allows(sensor, "personal_model", now_utc())

    def holds(self, path: Path) -> bool:
        """Return whether a recording or file is below the configured folder."""
        return self._recordings in path.resolve().parents

    def check_export(self, manifest: Manifest | None, subjects: Sequence[str], out: Path) -> None:
        """Check that a recording of the configured folder may be exported to a place.

        Args:
            manifest: Its manifest; None without a readable one.
            subjects: Persons who are exported.
            out: The place.

        Raises:
            RequestError: The place is outside of the configured folders, and it is not shared.
        """
        if not self._shared.stays(out):
            self._check_shared(manifest, subjects, sent=False)

    def check_sent(self, manifest: Manifest | None, subjects: Sequence[str]) -> None:
        """Check that a recording of the configured folder may be sent to another machine.

        Args:
            manifest: Its manifest; None without a readable one.
            subjects: Persons who are sent.

        Raises:
            RequestError: It is not shared.
        """
        self._check_shared(manifest, subjects, sent=True)

    def _check_shared(
        self, manifest: Manifest | None, subjects: Sequence[str], *, sent: bool
    ) -> None:
        if manifest is not None:
            self._shared.check(manifest, sent=sent)
            return
        for subject in subjects:  # it is not known what was allowed: all that ever was
            self._shared.check_person(subject, sent=sent)

    def exported(
        self, folder: Path, subjects: Sequence[str], form: str, out: Path, files: Sequence[Path]
    ) -> None:
        """Note the export of a recording of the configured folder.

        Args:
            folder: The recording, or the folder of its file.
            subjects: Persons whose data were exported.
            form: The format.
            out: The file or folder that was written.
            files: All files that were written.

        Raises:
            PrivacyError: The audit cannot be written.
        """
        if self._shared.stays(out):
            self.data.exported(folder, subjects, out, files)
        for subject in subjects:
            entry = {"subject": self._ids.of(subject), "form": form}
            entry["thing"] = self._ids.of(subject, folder.name)
            self._audit.append([("export", entry)])

    def persons(self, folder: Path) -> Sequence[str]:
        """Return the persons of a recording of the configured folder; of others none."""
        return self.data.persons(folder) if self.holds(folder) else []

    def computed(
        self, form: str, out: Path, parts: Sequence[tuple[Sequence[str], Sequence[Path]]]
    ) -> None:
        """Note what was computed about persons, wherever it was written.

        Args:
            form: ``analysis`` or ``report``.
            out: The file or folder that was written.
            parts: Persons and the files that are about them.

        Raises:
            PrivacyError: The list or the audit cannot be written.
        """
        people: dict[str, None] = {}
        for subjects, files in parts:
            if subjects and files:
                self.data.listed(subjects, out, files)
                people |= dict.fromkeys(subjects)
        for subject in people:
            self._audit.append([("export", {"subject": self._ids.of(subject), "form": form})])

    def erase(self, subject: str) -> Sequence[Found]:
        """Erase everything of a subject; the audit keeps an id without a salt.

        Raises:
            RequestError: Nothing is kept of the subject.
            PrivacyError: Something could not be erased, or a sidecar uses the data.
        """
        with unused(self._places.state, *written_by(self._config, [subject])):
            return self._erase(subject)

    def _erase(self, subject: str) -> Sequence[Found]:
        named = self.names is not None and subject in self.names.rows()
        # A crash while the person was erased may have left the salt alone.
        if not named and subject not in self._ids.known().values():
            self._known(subject)
        entry = {"subject": self._ids.of(subject)}
        self._audit.append([("erasure", {**entry, "begun": True})])  # also if a crash ends it
        erased = self.data.erase(subject)
        if self.names is not None:
            self.names.erase(subject)
        kinds = Counter(found.kind for found in erased)
        self._audit.append([("erasure", {**entry, **kinds})])
        return erased

    def erase_ended(self, subject: str, ended: Sequence[Ended]) -> tuple[list[str], list[str]]:
        """Erase what rests on ended purposes; return what went, and what stays.

        Raises:
            PrivacyError: Something could not be erased.
        """
        result = PurposeErasure(self._places).erase(subject, ended)
        entry: dict[str, object] = {"subject": self._ids.of(subject)}
        entry |= {"sensors": [each.sensor for each in ended], "purposes": ended[0].purposes}
        entry |= Counter(found.kind for found in result.done)
        self._audit.append([("erasure", entry)])
        return [f"{found.kind} {found.path.name}" for found in result.done], result.stays

    def _known(self, subject: str) -> None:
        known = self.data.kept.subjects()
        # Damaged receipts name no one, but their file belongs to the subject.
        if subject not in known and not self.data.kept.of(subject):
            raise RequestError(
                "unknown_subject",
                f"nothing is kept of {subject!r}; known: {', '.join(known) or 'nobody'}",
            )
