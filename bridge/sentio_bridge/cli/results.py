"""Note what commands computed about persons, so that `sentio data erase` finds it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sentio_bridge.cli.governed import configured_rights

Part = tuple[Sequence[Path], Sequence[Path]]
"""Recordings, and the files that are about them."""


def note(form: str, out: Path, parts: Sequence[Part], subject: str = "") -> None:
    """Note what was computed from recordings of the configured folder.

    Args:
        form: ``analysis``, ``report`` or ``plot``.
        out: The file or folder that was written.
        parts: Recordings and files.
        subject: The only person in the files; empty: every person of the recordings.

    Raises:
        PrivacyError: The list or the audit cannot be written.
    """
    rights = configured_rights() if parts else None
    if rights is None:
        return

    def people(recording: Path) -> Sequence[str]:
        persons = rights.persons(recording if recording.is_dir() else recording.parent)
        several = len(persons) > 1 and subject  # a single one may have a participant's name
        return [person for person in persons if person == subject] if several else persons

    rights.computed(
        form,
        out,
        [
            (list(dict.fromkeys(p for each in recordings for p in people(each))), files)
            for recordings, files in parts
        ],
    )


def note_profile(subject: str, page: Path) -> None:
    """Note the report of a profile.

    Args:
        subject: The person.
        page: The file that was written.

    Raises:
        PrivacyError: The list or the audit cannot be written.
    """
    rights = configured_rights()
    if rights is not None:
        rights.computed("report", page, [([subject], [page])])
