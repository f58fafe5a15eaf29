"""Whom an export is about: one person in each file that can hold only one."""

from __future__ import annotations

import shlex
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sentio_recording.recording import Recording
from sentio_sensors.errors import FormatError

ONE = "01"
"""Label of the only person of a recording."""

MAX_LABEL = 64
"""Characters of a derived label: file systems allow 255 bytes in a name."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person of an export.

    Attributes:
        subject: Subject in the recording; None if all streams are one person's.
        label: Label of BIDS, letters and digits.
    """

    subject: str | None
    label: str


def chosen(recording: Recording, asked: Sequence[str | Person], to: str, out: Path) -> list[Person]:
    """Return the persons to export, each with a label.

    Args:
        recording: The recording.
        asked: For a recording of one person its label. For one of several the subjects that are
            exported, as ``SUBJECT`` or ``SUBJECT=LABEL``; empty for all of them. Persons that
            were chosen before are returned.
        to: Format, for the error.
        out: Where it is written, for the error.

    Raises:
        FormatError: A label has other characters than letters and digits, or two persons have one;
            or a text names none of several persons.
    """
    persons = [one for one in asked if isinstance(one, Person)]
    if persons:
        return persons
    texts = [one for one in asked if isinstance(one, str)]
    subjects = recording.subjects
    if len(subjects) < 2:
        if len(texts) > 1:
            raise FormatError(
                f"{len(texts)} subjects for a recording of one person", "give one --subject"
            )
        text = texts[0] if texts else ONE
        own = f"{subjects[0]}=" if subjects else "="
        return [Person(None, checked(text.removeprefix(own)))]
    derived = labels(subjects)
    found: dict[str, Person] = {}
    for text in texts or subjects:
        subject, label = (text, derived[text]) if text in derived else _named(text)
        if subject not in derived:
            command = ["sentio", "export", str(recording.path), "--to", to, "--out", str(out)]
            raise FormatError(
                f"the recording is of {len(subjects)} people ({', '.join(subjects)}); "
                f"{text!r} is none of them",
                f"for one person: {shlex.join([*command, '--subject', subjects[0]])}",
            )
        found[subject] = Person(subject, checked(label))
    if len({person.label.casefold() for person in found.values()}) < len(found):
        raise FormatError("two people have the same label", "give each --subject NAME=LABEL")
    return list(found.values())


def checked(label: str) -> str:
    """Return a label of BIDS.

    Raises:
        FormatError: It has other characters than letters and digits.
    """
    if not (label.isascii() and label.isalnum()):
        raise FormatError(f"BIDS label {label!r}", "use letters and digits only")
    return label


def labels(names: Sequence[str], limit: int = MAX_LABEL) -> dict[str, str]:
    """Return a label for each name: its letters and digits, made distinct.

    Names that are labels keep theirs. Case does not distinguish: it does not in some file systems.
    """
    reduced = {name: _reduced(name)[:limit] for name in names}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(names, key=lambda name: (name != reduced[name], name)):
        label = base = reduced[name] or "person"
        number = 1
        while label.casefold() in taken:
            number += 1
            label = f"{base}x{number}"
        taken.add(label.casefold())
        found[name] = label
    return found


def _reduced(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if c.isascii() and c.isalnum())


def _named(text: str) -> tuple[str, str]:
    """Return subject and label of ``SUBJECT=LABEL``."""
    subject, _, label = text.rpartition("=")
    return subject, label
